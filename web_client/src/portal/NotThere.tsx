/** The large sentence of a page that has nothing else to show. */
import { CircleAlert, RefreshCw, SearchX } from 'lucide-react';
import { Button, Furigana, LinkButton, ResidentMatter, ResidentText } from '../design';
import type { Words } from '../words';
import type { Failure } from './asking';

export function NotThere({
  how,
  words,
  again,
}: {
  /** `closed`: this office has no such page. */
  how: Failure | 'closed';
  words: Words;
  again?: () => void;
}) {
  const isGone = how === 'gone' || how === 'closed';
  return (
    <ResidentMatter icon={isGone ? SearchX : CircleAlert} text={words.say(`failed.${how}`)}>
      <ResidentText text={words.say(`failed.${how}_do`)} />
      {how === 'gone' && (
        <LinkButton look="second" size="large" to="/services">
          <Furigana text={words.say('back')} />
        </LinkButton>
      )}
      {!isGone && again && (
        <Button size="large" icon={RefreshCw} onClick={again}>
          <Furigana text={words.say('again')} />
        </Button>
      )}
    </ResidentMatter>
  );
}
