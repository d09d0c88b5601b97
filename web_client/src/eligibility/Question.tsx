/** One question with the ways to answer it; "I do not know" is always one of them. */
import { ArrowLeft, CircleHelp } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Eligibility } from '../api';
import {
  Button,
  Columns,
  ErrorNotice,
  Furigana,
  QuestionCard,
  ResidentBlock,
  ResidentText,
  Stack,
  TextField,
} from '../design';
import type { useStepFocus } from '../join/step';
import type { Words } from '../words';
import type { Answer, Checking } from './checking';

type Asked = NonNullable<Eligibility['question']>;

export function Question({
  question,
  owner,
  checking,
  heading,
  words,
}: {
  question: Asked;
  owner: string;
  checking: Checking;
  heading: ReturnType<typeof useStepFocus>;
  words: Words;
}) {
  const { given, busy, error } = checking;
  const give = (answer: Answer) => checking.answer(question.name, answer);
  return (
    <ResidentBlock>
      <Stack gap={4}>
        <QuestionCard
          number={words.say('number', { number: given.length + 1 })}
          text={words.say(`ask.${question.name}`, { owner })}
          headingRef={heading}
        />
        {question.shape === 'yes_no' && <YesNo busy={busy} give={give} words={words} />}
        {question.shape === 'choice' && (
          <Stack gap={2}>
            {question.choices.map((choice) => (
              <Button
                key={choice}
                block
                size="large"
                look="second"
                disabled={busy}
                onClick={() => give(choice)}
              >
                <Furigana text={words.say(`choice.${question.name}.${choice}`)} />
              </Button>
            ))}
          </Stack>
        )}
        {(question.shape === 'number' || question.shape === 'day') && (
          <Written shape={question.shape} busy={busy} give={give} words={words} />
        )}
        <Button block size="large" look="plain" icon={CircleHelp} disabled={busy} onClick={() => give(null)}>
          <Furigana text={words.say(question.shape === 'day' ? 'unknown_day' : 'unknown')} />
        </Button>
        {error !== null && <ErrorNotice title={words.name('failed')} error={error} />}
        {given.length === 0 ? (
          <ResidentText voice="note" text={words.say('kept')} />
        ) : (
          <Button block look="plain" icon={ArrowLeft} disabled={busy} onClick={checking.back}>
            <Furigana text={words.say('back')} />
          </Button>
        )}
      </Stack>
    </ResidentBlock>
  );
}

function YesNo({ busy, give, words }: { busy: boolean; give: (answer: boolean) => void; words: Words }) {
  return (
    <Columns>
      <Button block size="large" look="second" disabled={busy} onClick={() => give(true)}>
        <Furigana text={words.say('yes')} />
      </Button>
      <Button block size="large" look="second" disabled={busy} onClick={() => give(false)}>
        <Furigana text={words.say('no')} />
      </Button>
    </Columns>
  );
}

function Written({
  shape,
  busy,
  give,
  words,
}: {
  shape: 'number' | 'day';
  busy: boolean;
  give: (answer: number | string) => void;
  words: Words;
}) {
  const [text, setText] = useState('');
  const [isWrong, setWrong] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Numbers come in full width from Japanese keyboards.
    const plain = text.normalize('NFKC').trim();
    const fits = shape === 'number' ? /^\d{1,5}$/.test(plain) : /^\d{4}-\d{2}-\d{2}$/.test(plain);
    setWrong(!fits);
    if (fits) give(shape === 'number' ? Number(plain) : plain);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap={3}>
        <TextField
          large
          label={words.name(`${shape}_label`)}
          type={shape === 'day' ? 'date' : 'text'}
          inputMode={shape === 'day' ? undefined : 'numeric'}
          autoComplete="off"
          error={isWrong ? words.name(`${shape}_wrong`) : null}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" block size="large" disabled={busy}>
          <Furigana text={words.say('next')} />
        </Button>
      </Stack>
    </form>
  );
}
