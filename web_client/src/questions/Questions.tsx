/** The questions of a call: everybody adds one, staff answer it, say whose it is and until when. */
import { CircleCheck, Clock, MessageCircleQuestion, PencilLine, Plus } from 'lucide-react';
import { type FormEvent, useState, useSyncExternalStore } from 'react';
import type { QuestionEntry } from '../api';
import {
  Button,
  Dialog,
  Empty,
  ErrorNotice,
  Failed,
  Furigana,
  Loading,
  Question,
  QuestionList,
  Row,
  SelectField,
  Stack,
  StatusLine,
  Words as Text,
  TextArea,
  TextField,
} from '../design';
import { useSending } from '../sending';
import { useWords, type Words } from '../words';
import { dueWords, isOverdue } from './due';
import { type Asked, type Change, type QuestionStore, questionsOf } from './store';

export function useQuestions(callId: string): { store: QuestionStore; asked: Asked } {
  const store = questionsOf(callId);
  return { store, asked: useSyncExternalStore(store.subscribe, store.snapshot) };
}

export function Questions({ callId, isStaff }: { callId: string; isStaff: boolean }) {
  const words = useWords('question');
  const { store, asked } = useQuestions(callId);
  const [isAsking, setAsking] = useState(false);
  const [changing, setChanging] = useState<QuestionEntry | null>(null);
  const shown = asked.questions.filter(({ state }) => state !== 'dropped');
  return (
    <Stack gap={3}>
      {asked.state === 'reading' && <Loading label={words.name('reading')} lines={1} />}
      {asked.state === 'failed' && (
        <Failed title={words.name('failed')} error={asked.error} onRetry={() => void store.look()} />
      )}
      {asked.state === 'ready' && shown.length === 0 && (
        <Empty icon={MessageCircleQuestion} title={words.name('none')}>
          {words.name(isStaff ? 'none_staff' : 'none_guest')}
        </Empty>
      )}
      {shown.length > 0 && (
        <QuestionList label={words.name('title')}>
          {shown.map((question) => (
            <Question
              key={question.id}
              text={question.text}
              who={words.name('asked_by', { name: question.asked_name })}
              answer={question.answer}
              action={
                isStaff && (
                  <Button
                    size="small"
                    look="plain"
                    icon={PencilLine}
                    aria-label={words.name('change_named', { text: question.text })}
                    onClick={() => setChanging(question)}
                  >
                    {words.name(question.state === 'open' ? 'answer' : 'change')}
                  </Button>
                )
              }
            >
              <State question={question} words={words} />
            </Question>
          ))}
        </QuestionList>
      )}
      <Button look="second" icon={Plus} block onClick={() => setAsking(true)}>
        <Furigana text={words.say(isStaff ? 'note' : 'ask')} />
      </Button>
      <AskDialog open={isAsking} store={store} words={words} onClose={() => setAsking(false)} />
      {changing && (
        <ChangeDialog
          question={changing}
          store={store}
          owners={asked.owners}
          words={words}
          onClose={() => setChanging(null)}
        />
      )}
    </Stack>
  );
}

function State({ question, words }: { question: QuestionEntry; words: Words }) {
  if (question.state === 'answered') {
    return (
      <StatusLine icon={CircleCheck}>
        <Furigana text={words.say('answered', { name: question.owner.name })} />
      </StatusLine>
    );
  }
  const late = isOverdue(question, Date.now());
  return (
    <StatusLine icon={Clock} look={late ? 'warn' : 'plain'}>
      <Furigana text={dueWords(question, words, late)} />
    </StatusLine>
  );
}

function AskDialog({
  open,
  store,
  words,
  onClose,
}: {
  open: boolean;
  store: QuestionStore;
  words: Words;
  onClose: () => void;
}) {
  const [text, setText] = useState('');
  const { busy, error, submit } = useSending(async () => {
    await store.ask({ text: text.trim() });
    setText('');
    onClose();
  });
  return (
    <Dialog open={open} onClose={onClose} title={words.name('ask_title')} closable>
      <form onSubmit={submit}>
        <Stack gap={3}>
          <TextArea
            label={words.name('text')}
            required
            maxLength={2000}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          {error !== null && <ErrorNotice title={words.name('ask_failed')} error={error} />}
          <Button type="submit" size="large" block busy={busy} busyLabel={words.name('saving')}>
            <Furigana text={words.say('add')} />
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}

function ChangeDialog({
  question,
  store,
  owners,
  words,
  onClose,
}: {
  question: QuestionEntry;
  store: QuestionStore;
  owners: Asked['owners'];
  words: Words;
  onClose: () => void;
}) {
  const [said, setSaid] = useState<Change>({
    text: question.text,
    answer: question.answer,
    owner_id: question.owner.id,
    due_on: question.due_on,
    state: question.state,
  });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const save = async (state: Change['state']) => {
    setBusy(true);
    setError(null);
    try {
      await store.change(question.id, { ...said, due_on: said.due_on || null, state });
      onClose();
    } catch (refusal) {
      setError(refusal);
    }
    setBusy(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save(said.answer.trim() ? 'answered' : 'open');
  };
  const field = (name: 'text' | 'answer' | 'owner_id' | 'due_on') => ({
    label: words.name(name),
    value: said[name] ?? '',
    onChange: (event: { target: { value: string } }) =>
      setSaid((before) => ({ ...before, [name]: event.target.value })),
  });
  return (
    <Dialog open onClose={onClose} title={words.name('change_title')} closable>
      <form onSubmit={submit}>
        <Stack gap={3}>
          <TextArea {...field('text')} rows={1} required maxLength={2000} />
          <TextArea {...field('answer')} rows={2} maxLength={2000} />
          <SelectField
            {...field('owner_id')}
            options={owners.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <TextField {...field('due_on')} type="date" />
          {error !== null && <ErrorNotice title={words.name('save_failed')} error={error} />}
          <Row>
            <Button type="submit" busy={busy} busyLabel={words.name('saving')}>
              {words.name(said.answer.trim() ? 'save_answer' : 'save')}
            </Button>
            <Button look="quiet" onClick={() => void save('dropped')}>
              {words.name('drop')}
            </Button>
          </Row>
          <Text voice="note">{words.name('save_hint')}</Text>
        </Stack>
      </form>
    </Dialog>
  );
}
