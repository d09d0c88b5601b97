/** One question to the server for a page, asked anew when the page becomes another one or somebody tries again. */
import { useEffect, useState } from 'react';
import { ApiError } from '../api';

export type Asked<T> = { at: 'reading' } | { at: 'ready'; answer: T } | { at: Failure };
export type Failure = 'gone' | 'too_many' | 'unreachable';

/** `key` says which page it is for; null asks nothing. */
export function useAsked<T>(key: string | null, ask: (signal: AbortSignal) => Promise<T>) {
  const [asked, setAsked] = useState<Asked<T>>({ at: 'reading' });
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what is asked, each try asks again
  useEffect(() => {
    if (key === null) return;
    const over = new AbortController();
    setAsked({ at: 'reading' });
    ask(over.signal).then(
      (answer) => !over.signal.aborted && setAsked({ at: 'ready', answer }),
      (error: unknown) => !over.signal.aborted && setAsked({ at: failure(error) }),
    );
    return () => over.abort();
  }, [key, tries]);
  return { asked, again: () => setTries((count) => count + 1) };
}

function failure(error: unknown): Failure {
  if (!(error instanceof ApiError)) return 'unreachable';
  if (error.key === 'rate_limited') return 'too_many';
  return error.status === 404 || error.status === 422 ? 'gone' : 'unreachable';
}
