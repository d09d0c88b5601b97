/** Somebody's own page of notices: read once by the code of their link, and what every change answers. */
import { useCallback, useEffect, useState } from 'react';
import { ApiError, get, type NoticesView, post } from '../api';
import { keepNoticesCode } from '../portal/device';
import { usePreferences } from '../preferences';

export type Found =
  | { at: 'reading' }
  | { at: 'shown'; page: NoticesView }
  | { at: 'gone' }
  | { at: 'stopped' }
  | { at: 'too_many' }
  | { at: 'unreachable' };

export type Topic = NoticesView['switched_off'][number];
export const TOPICS: readonly Topic[] = ['works', 'licence', 'category', 'entry', 'slot', 'series'];

export interface OwnNotices {
  readonly found: Found;
  readonly busy: boolean;
  /** Null while nothing went wrong. */
  readonly error: unknown;
  readonly again: () => void;
  /** Asks the server to change something; the page is what it answers. */
  readonly change: (ask: () => Promise<NoticesView>) => void;
  readonly show: (page: NoticesView) => void;
  readonly stop: () => void;
}

export function useOwnNotices(code: string): OwnNotices {
  const [found, setFound] = useState<Found>({ at: 'reading' });
  const [tries, setTries] = useState(0);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { suggestLanguage } = usePreferences();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each try reads again
  useEffect(() => {
    const over = new AbortController();
    get('/notices/{code}', { path: { code }, signal: over.signal }).then(
      (page) => {
        if (over.signal.aborted) return;
        suggestLanguage(page.language);
        setFound({ at: 'shown', page });
      },
      (refusal: unknown) => {
        if (!over.signal.aborted) setFound(refused(refusal));
      },
    );
    return () => over.abort();
  }, [code, tries, suggestLanguage]);
  const show = useCallback((page: NoticesView) => setFound({ at: 'shown', page }), []);
  const doing = useCallback((work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    work()
      .catch(setError)
      .finally(() => setBusy(false));
  }, []);
  return {
    found,
    busy,
    error,
    again: () => {
      setFound({ at: 'reading' });
      setTries((count) => count + 1);
    },
    change: (ask) => doing(async () => show(await ask())),
    show,
    stop: () =>
      doing(async () => {
        await post('/notices/{code}/stop', { path: { code } });
        keepNoticesCode(null);
        setFound({ at: 'stopped' });
      }),
  };
}

function refused(error: unknown): Found {
  const key = error instanceof ApiError ? error.key : '';
  if (key === 'notices.unknown') return { at: 'gone' };
  return { at: key === 'rate_limited' ? 'too_many' : 'unreachable' };
}
