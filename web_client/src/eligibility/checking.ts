/** The answers somebody gave to the check of one service, kept in this page alone, and what the server says of them. */
import { useCallback, useEffect, useState } from 'react';
import { ApiError, type Eligibility, post } from '../api';

export type Answer = boolean | number | string | null;
export type Given = readonly (readonly [name: string, answer: Answer])[];

export type Found =
  | { at: 'reading' }
  | { at: 'shown'; said: Eligibility }
  | { at: 'gone'; reason: 'gone' | 'too_many' | 'unreachable' };

export interface Checking {
  readonly found: Found;
  readonly given: Given;
  /** True while an answer is on its way; what was shown stays. */
  readonly busy: boolean;
  readonly error: unknown;
  readonly answer: (name: string, answer: Answer) => void;
  readonly back: () => void;
  readonly restart: () => void;
  readonly again: () => void;
}

/** One request per answer, each with all answers: the server keeps none. */
export function useChecking(service_id: string): Checking {
  const [wanted, setWanted] = useState<{ given: Given; tries: number }>({ given: [], tries: 0 });
  const [shown, setShown] = useState<{ said: Eligibility; given: Given } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(true);
  useEffect(() => {
    const stop = new AbortController();
    setBusy(true);
    setError(null);
    const body = { answers: Object.fromEntries(wanted.given) };
    post('/services/{service_id}/check', { path: { service_id }, body, signal: stop.signal }).then(
      (said) => {
        if (stop.signal.aborted) return;
        setShown({ said, given: wanted.given });
        setBusy(false);
      },
      (failure: unknown) => {
        if (stop.signal.aborted) return;
        setError(failure);
        setBusy(false);
      },
    );
    return () => stop.abort();
  }, [service_id, wanted]);
  const given = shown?.given ?? [];
  const ask = useCallback((next: Given) => setWanted(({ tries }) => ({ given: next, tries })), []);
  return {
    found: shown ? { at: 'shown', said: shown.said } : error ? refused(error) : { at: 'reading' },
    given,
    busy,
    error: shown ? error : null,
    answer: (name, answer) => ask([...given, [name, answer]]),
    back: () => ask(given.slice(0, -1)),
    restart: () => ask([]),
    again: useCallback(() => setWanted(({ given, tries }) => ({ given, tries: tries + 1 })), []),
  };
}

function refused(error: unknown): Found {
  const key = error instanceof ApiError ? error.key : '';
  if (key === 'not_found') return { at: 'gone', reason: 'gone' };
  if (key === 'rate_limited') return { at: 'gone', reason: 'too_many' };
  return { at: 'gone', reason: 'unreachable' };
}
