/** A page behind somebody's own link: read with its code, in the language it was written in, or why it does not open. */
import { PhoneOff, RefreshCw, Unplug } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError } from '../api';
import { Button, Furigana, Loading, ResidentMatter, ResidentText } from '../design';
import { type Language, usePreferences } from '../preferences';
import type { Words } from '../words';

export type Found<T> =
  | { at: 'reading' }
  | { at: 'shown'; page: T }
  | { at: 'gone'; reason: 'unknown' | 'over' | 'too_many' }
  | { at: 'unreachable' };

/** What `read` brings for a code; `kind` is what the server's refusals are called by. `keep` puts another one in its place. */
export function useLinked<T extends { language: string }>(
  code: string,
  kind: 'letter' | 'ballot',
  read: (code: string, signal: AbortSignal) => Promise<T>,
) {
  const [found, setFound] = useState<Found<T>>({ at: 'reading' });
  const [tries, setTries] = useState(0);
  const { suggestLanguage } = usePreferences();
  const reading = useRef(read);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each try reads again
  useEffect(() => {
    const stop = new AbortController();
    reading.current(code, stop.signal).then(
      (page) => {
        if (stop.signal.aborted) return;
        suggestLanguage(page.language as Language);
        setFound({ at: 'shown', page });
      },
      (error: unknown) => {
        if (!stop.signal.aborted) setFound(refused<T>(error, kind));
      },
    );
    return () => stop.abort();
  }, [code, kind, tries, suggestLanguage]);
  const again = useCallback(() => {
    setFound({ at: 'reading' });
    setTries((count) => count + 1);
  }, []);
  const keep = useCallback((page: T) => setFound({ at: 'shown', page }), []);
  return { found, again, keep, page: found.at === 'shown' ? found.page : null };
}

function refused<T>(error: unknown, kind: string): Found<T> {
  const key = error instanceof ApiError ? error.key : '';
  if (key === `${kind}.unknown`) return { at: 'gone', reason: 'unknown' };
  if (key === `${kind}.over`) return { at: 'gone', reason: 'over' };
  if (key === 'rate_limited') return { at: 'gone', reason: 'too_many' };
  return { at: 'unreachable' };
}

/** What stands there until it is shown, in the words of the page. */
export function NotYet<T>({ found, words, again }: { found: Found<T>; words: Words; again: () => void }) {
  if (found.at === 'reading') return <Loading label={words.name('reading')} lines={2} />;
  if (found.at === 'gone')
    return (
      <ResidentMatter icon={PhoneOff} text={words.say(`gone.${found.reason}`)}>
        <ResidentText text={words.say(`gone.${found.reason}_do`)} />
      </ResidentMatter>
    );
  if (found.at === 'unreachable')
    return (
      <ResidentMatter icon={Unplug} text={words.say('unreachable')}>
        <ResidentText text={words.say('unreachable_do')} />
        <Button size="large" icon={RefreshCw} onClick={again}>
          <Furigana text={words.say('again')} />
        </Button>
      </ResidentMatter>
    );
  return null;
}
