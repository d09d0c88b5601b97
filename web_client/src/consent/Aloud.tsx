/** For a guest who cannot tap: the text is read to them word for word, and what they say is entered, in whose name. */
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { ConsentPerson, ConsentPurpose, ConsentsAnswer } from '../api';
import { Answers, Button, Dialog, ErrorNotice, SelectField, Stack, Words as Text } from '../design';
import type { Words } from '../words';
import type { Consents } from './Consents';
import { Settle, usePress } from './GuestConsent';
import { isRunning, PURPOSES, standingOf } from './standing';

export function Aloud({
  person,
  answer,
  consents,
  words,
  onClose,
}: {
  person: ConsentPerson;
  answer: ConsentsAnswer;
  consents: Consents;
  words: Words;
  onClose: () => void;
}) {
  const [purpose, setPurpose] = useState<ConsentPurpose>('recording');
  const [stopped, setStopped] = useState(false);
  const { busy, error, send } = usePress();
  const text = answer.texts.find((each) => each.purpose === purpose);
  const standing = standingOf(person, purpose);
  const isGiven = standing?.state === 'given';
  const isNo = standing?.state === 'refused' || standing?.state === 'withdrawn';
  const enter = (yes: boolean) =>
    void send(async () => {
      await consents.answer([purpose], yes, person.identity);
      if (!yes && isGiven && isRunning(purpose)) setStopped(true);
      else onClose();
    });
  const askAgain = () =>
    void send(async () => {
      await consents.ask([purpose], person.identity);
      onClose();
    });
  if (stopped && isRunning(purpose))
    return <Settle purposes={[purpose]} {...{ consents, words, onClose }} identity={person.identity} />;
  return (
    <Dialog open onClose={onClose} title={words.name('aloud.title', { name: person.name })} closable>
      <Stack gap={3}>
        <SelectField
          label={words.name('aloud.purpose')}
          value={purpose}
          onChange={(event) => setPurpose(event.target.value as ConsentPurpose)}
          options={PURPOSES.map((each) => ({ value: each, label: words.name(`purpose.${each}`) }))}
        />
        <Text voice="note">{words.name('aloud.read')}</Text>
        {text && <Text voice="strong">{[text.question, ...text.more, text.refusal].join(' ')}</Text>}
        <Answers question={words.name('aloud.said')}>
          <Button look="second" busy={busy} onClick={() => enter(true)}>
            {words.name('ask.yes')}
          </Button>
          <Button look="second" busy={busy} onClick={() => enter(false)}>
            {words.name('ask.no')}
          </Button>
        </Answers>
        {isNo && (
          <Button look="plain" icon={RotateCcw} busy={busy} onClick={askAgain}>
            {words.name('aloud.ask_again')}
          </Button>
        )}
        {error !== null && <ErrorNotice title={words.name('failed')} error={error} />}
        <Text voice="note">{words.name('aloud.note')}</Text>
      </Stack>
    </Dialog>
  );
}
