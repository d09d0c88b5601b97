/** The large sentences of pages of notices that show nothing else. */
import { BellMinus, CircleAlert, Link2Off, RefreshCw } from 'lucide-react';
import { Button, Furigana, LinkButton, ResidentMatter, ResidentText } from '../design';
import type { Words } from '../words';

/** The link is over: it was stopped just now, or long ago. */
export function Ended({ how, words }: { how: 'gone' | 'stopped'; words: Words }) {
  return (
    <ResidentMatter
      icon={how === 'stopped' ? BellMinus : Link2Off}
      look={how === 'stopped' ? 'ok' : 'warn'}
      text={words.say(`${how}.heading`)}
    >
      <ResidentText text={words.say(`${how}.do`)} />
      <LinkButton look="second" size="large" to="/n">
        <Furigana text={words.say(`${how}.again`)} />
      </LinkButton>
    </ResidentMatter>
  );
}

export function NotNow({
  how,
  words,
  again,
}: {
  how: 'too_many' | 'unreachable';
  words: Words;
  again: () => void;
}) {
  return (
    <ResidentMatter icon={CircleAlert} text={words.say(how)}>
      <ResidentText text={words.say(`${how}_do`)} />
      <Button size="large" icon={RefreshCw} onClick={again}>
        <Furigana text={words.say('again')} />
      </Button>
    </ResidentMatter>
  );
}
