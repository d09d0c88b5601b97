/** A guest is asked, one question at a time over the whole screen; has a button to stop; says what becomes of the rest. */
import { CircleStop, Eraser, FileQuestion, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { ConsentPurpose } from '../api';
import type { LiveCall } from '../call/useCall';
import {
  Button,
  ConsentAnswer,
  ConsentQuestion,
  Dialog,
  ErrorNotice,
  Furigana,
  SpeakButton,
  StageNotice,
} from '../design';
import { useWords, type Words } from '../words';
import { type Consents, useConsents } from './Consents';
import { type Running, stoppable, unsettled } from './standing';

export function GuestConsent({ callId, live }: { callId: string; live: LiveCall }) {
  const words = useWords('consent');
  const { consents, known } = useConsents(callId, live);
  const [aside, setAside] = useState<readonly ConsentPurpose[]>([]);
  const [isSettling, setSettling] = useState(false);
  const { busy, error, send, clear } = usePress();
  const { answer } = known;
  if (!answer) return null; // nothing was asked that anybody here could know of

  const { own, asked, texts } = answer;
  const question = asked.find(({ purpose }) => !aside.includes(purpose));
  const text = texts.find(({ purpose }) => purpose === question?.purpose);
  const running = stoppable(own);
  const open = unsettled(own);
  const say = (yes: boolean) => question && void send(() => consents.answer([question.purpose], yes));
  const stop = () =>
    void send(async () => {
      await consents.answer(running, false);
      setSettling(true);
    });
  return (
    <>
      {question && text && (
        <ConsentQuestion
          who={question.by}
          from={words.say(question.by_post ? 'ask.from_post' : 'ask.from', { post: question.by_post })}
          question={text.question}
          lines={text.more}
          refusal={text.refusal}
          speak={
            <SpeakButton
              text={[text.question, ...text.more, text.refusal].join(' ')}
              language={words.language}
              label={words.say('ask.speak')}
            />
          }
          answers={
            <>
              <ConsentAnswer yes busy={busy} text={words.say('ask.yes')} onPress={() => say(true)} />
              <ConsentAnswer yes={false} busy={busy} text={words.say('ask.no')} onPress={() => say(false)} />
            </>
          }
          note={words.say('ask.note')}
          problem={error !== null && <ErrorNotice title={words.name('failed')} error={error} />}
          onLater={() => {
            clear();
            setAside([...aside, question.purpose]);
          }}
        />
      )}
      {!question && asked.length > 0 && (
        <StageNotice
          icon={FileQuestion}
          tone="ok"
          title={words.name('aside.title', { name: asked[0]?.by ?? '' })}
          action={
            <Button size="small" look="plain" onClick={() => setAside([])}>
              <Furigana text={words.say('aside.read')} />
            </Button>
          }
        />
      )}
      {running.length > 0 && (
        <StageNotice
          icon={ShieldCheck}
          tone="ok"
          title={words.name(`own.${kept(running)}`)}
          action={
            <Button size="small" look="plain" icon={CircleStop} busy={busy} onClick={stop}>
              <Furigana text={words.say(`stop.${kept(running)}`)} />
            </Button>
          }
        >
          {error !== null && words.name('stop.again')}
        </StageNotice>
      )}
      {open.length > 0 && !isSettling && (
        <StageNotice
          icon={Eraser}
          tone="ok"
          title={words.name('settle.stopped')}
          action={
            <Button size="small" look="plain" onClick={() => setSettling(true)}>
              <Furigana text={words.say('settle.choose')} />
            </Button>
          }
        />
      )}
      {open.length > 0 && isSettling && (
        <Settle purposes={open} {...{ consents, words }} onClose={() => setSettling(false)} />
      )}
    </>
  );
}

/** What was taken until now: kept or deleted, two buttons of one size. */
export function Settle({
  purposes,
  consents,
  words,
  identity = '',
  onClose,
}: {
  purposes: readonly Running[];
  consents: Consents;
  words: Words;
  /** Of a guest who says it aloud. */
  identity?: string;
  onClose: () => void;
}) {
  const { busy, error, send } = usePress();
  const choose = (keep: boolean) =>
    void send(async () => {
      await consents.settle(purposes, keep, identity);
      onClose();
    });
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.name('settle.title')}
      closable
      actions={
        <>
          <Button size="large" look="second" busy={busy} onClick={() => choose(true)}>
            <Furigana text={words.say('settle.keep')} />
          </Button>
          <Button size="large" look="second" busy={busy} onClick={() => choose(false)}>
            <Furigana text={words.say('settle.delete')} />
          </Button>
        </>
      }
    >
      <Furigana text={words.say('settle.more')} />
      {error !== null && <ErrorNotice title={words.name('failed')} error={error} />}
    </Dialog>
  );
}

/** What the words on the bar are about: sound and picture before what is written. */
function kept(purposes: readonly Running[]): Running {
  if (purposes.includes('recording')) return 'recording';
  return purposes.includes('transcript') ? 'transcript' : 'concierge';
}

/** One press at a time: busy meanwhile, and what was in the way. */
export function usePress() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const send = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (refusal) {
      setError(refusal);
    }
    setBusy(false);
  };
  return { busy, error, send, clear: () => setError(null) };
}
