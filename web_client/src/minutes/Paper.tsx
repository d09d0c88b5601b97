/** The paper of the minutes: read by everybody, and by who may write put right sentence by sentence. */
import { EyeOff, PencilLine, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Minutes, MinutesSentence as Sentence } from '../api';
import {
  Button,
  Dialog,
  IconButton,
  MinutesPaper,
  MinutesPart,
  MinutesSentence,
  Stack,
  Tag,
  TextArea,
  TextField,
} from '../design';
import { useHidingWords } from '../review/useRedactions';
import type { Words } from '../words';
import { type Form, inserted, moment, momentIn, PARTS, type Part, replaced, written } from './minutes';

type Change = (form: Form) => void;
/** `place` is where it stands among all sentences, or after which one it will. */
type Editing = { kind: 'change' | 'add'; place: number; sentence: Sentence } | { kind: 'facts' };

export function Paper({
  minutes,
  form,
  onChange,
  proofs = [],
  words,
}: {
  minutes: Minutes;
  form: Form;
  /** Without it the paper is only read. */
  onChange?: Change;
  /** What proves that what is hidden was, at the foot of the paper. */
  proofs?: readonly string[];
  words: Words;
}) {
  const [editing, setEditing] = useState<Editing | null>(null);
  const close = () => setEditing(null);
  const { version, confirmed } = minutes;
  const state = version === 0 ? 'draft' : confirmed ? 'confirmed' : 'saved';
  return (
    <MinutesPaper
      title={words.name('title')}
      number={minutes.number}
      tag={
        <Tag look={state === 'confirmed' ? 'ok' : 'draft'} large>
          {words.name(`state.${state}`, { version })}
        </Tag>
      }
      facts={FACTS.map((name) => [words.name(`field.${name}`), form[name]] as const)}
      action={
        onChange && (
          <Button look="plain" size="small" icon={PencilLine} onClick={() => setEditing({ kind: 'facts' })}>
            {words.name('change_facts')}
          </Button>
        )
      }
      foot={[words.name('foot'), ...proofs]}
    >
      {PARTS.map((part) => (
        <PartOf
          key={part}
          {...{ part, form, words }}
          callId={minutes.call_id}
          onEdit={onChange ? setEditing : null}
        />
      ))}
      {onChange && editing?.kind === 'facts' && (
        <FactsDialog {...{ form, onChange, words }} onClose={close} />
      )}
      {onChange && editing !== null && editing.kind !== 'facts' && (
        <SentenceDialog
          key={`${editing.kind} ${editing.place}`}
          {...{ editing, form, onChange, words }}
          onAddAfter={(place, after) =>
            setEditing({ kind: 'add', place, sentence: written(after.part, after) })
          }
          onClose={close}
        />
      )}
    </MinutesPaper>
  );
}

const FACTS = ['subject', 'held', 'place', 'attendees'] as const;

function PartOf({
  part,
  form,
  callId,
  onEdit,
  words,
}: {
  part: Part;
  form: Form;
  callId: string;
  onEdit: ((editing: Editing) => void) | null;
  words: Words;
}) {
  const hiding = useHidingWords();
  const placed = form.sentences
    .map((sentence, place) => ({ sentence, place }))
    .filter(({ sentence }) => sentence.part === part);
  const last = placed.at(-1);
  const add = () =>
    onEdit?.({
      kind: 'add',
      place: last?.place ?? form.sentences.length - 1,
      sentence: written(part, last?.sentence),
    });
  return (
    <MinutesPart
      title={words.name(`part.${part}`)}
      empty={placed.length === 0 ? words.name('none') : null}
      action={
        onEdit && (
          <Button look="plain" size="small" icon={Plus} onClick={add}>
            {words.name('add')}
          </Button>
        )
      }
    >
      {placed.map(({ sentence, place }) => {
        const { redaction, withheld } = sentence;
        const isGone = sentence.origin === 'withdrawn';
        const reason = redaction ? hiding.name(`reason.${redaction.reason}`) : '';
        const at = moment(sentence.at_ms);
        return (
          <MinutesSentence
            key={`${place} ${sentence.source} ${sentence.at_ms}`}
            text={
              withheld
                ? hiding.name('withheld', { reason })
                : isGone
                  ? words.name('withdrawn')
                  : sentence.text
            }
            tone={isGone || withheld ? 'out' : 'plain'}
            moment={at}
            speaker={sentence.speaker}
            to={`/calls/${encodeURIComponent(callId)}/record?at=${sentence.at_ms}`}
            hint={words.name('hear')}
            mark={
              <>
                {!sentence.confirmed && <Tag look="draft">{words.name('unconfirmed')}</Tag>}{' '}
                {redaction && !withheld && (
                  <Tag look="solid" icon={EyeOff}>
                    {hiding.name('is')}
                  </Tag>
                )}
              </>
            }
            printedMark={sentence.confirmed ? '' : words.name('printed_unconfirmed')}
            action={
              onEdit &&
              !isGone &&
              !withheld && (
                <IconButton
                  icon={PencilLine}
                  label={words.name('change_this', { moment: at })}
                  onClick={() => onEdit({ kind: 'change', place, sentence })}
                />
              )
            }
          />
        );
      })}
    </MinutesPart>
  );
}

function FactsDialog({
  form,
  onChange,
  onClose,
  words,
}: {
  form: Form;
  onChange: Change;
  onClose: () => void;
  words: Words;
}) {
  const [facts, setFacts] = useState(form);
  const field = (name: (typeof FACTS)[number]) => ({
    label: words.name(`field.${name}`),
    value: facts[name],
    onChange: ({ target }: { target: { value: string } }) => setFacts({ ...facts, [name]: target.value }),
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.name('change_facts')}
      closable
      actions={
        <Button
          disabled={!facts.subject.trim()}
          onClick={() => {
            onChange({ ...facts, sentences: form.sentences });
            onClose();
          }}
        >
          {words.name('ready')}
        </Button>
      }
    >
      <Stack gap={4}>
        <TextField {...field('subject')} maxLength={120} />
        <TextField {...field('held')} maxLength={120} />
        <TextField {...field('place')} maxLength={120} />
        <TextArea {...field('attendees')} hint={words.name('field.attendees_hint')} maxLength={2000} />
      </Stack>
    </Dialog>
  );
}

function SentenceDialog({
  editing,
  form,
  onChange,
  onAddAfter,
  onClose,
  words,
}: {
  editing: Extract<Editing, { place: number }>;
  form: Form;
  onChange: Change;
  onAddAfter: (place: number, after: Sentence) => void;
  onClose: () => void;
  words: Words;
}) {
  const { kind, place, sentence } = editing;
  const [text, setText] = useState(sentence.text);
  const [speaker, setSpeaker] = useState(sentence.speaker);
  const [time, setTime] = useState(moment(sentence.at_ms));
  const at_ms = momentIn(time);
  const put = (sentences: Form['sentences']) => {
    onChange({ ...form, sentences });
    onClose();
  };
  const use = () => {
    if (at_ms === null) return;
    const next = { ...sentence, text: text.trim(), speaker: speaker.trim(), at_ms };
    put(kind === 'add' ? inserted(form.sentences, place, next) : replaced(form.sentences, place, next));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.name(kind === 'add' ? 'sentence.new' : 'sentence.title')}
      closable
      actions={
        <>
          <Button disabled={text.trim() === '' || at_ms === null} onClick={use}>
            {words.name('sentence.use')}
          </Button>
          {kind === 'change' && (
            <>
              <Button look="second" icon={Plus} onClick={() => onAddAfter(place, sentence)}>
                {words.name('sentence.add_after')}
              </Button>
              <Button
                look="danger-line"
                icon={Trash2}
                onClick={() => put(replaced(form.sentences, place, null))}
              >
                {words.name('sentence.remove')}
              </Button>
            </>
          )}
        </>
      }
    >
      <Stack gap={4}>
        <TextArea
          label={words.name('sentence.text')}
          maxLength={2000}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <TextField
          label={words.name('sentence.moment')}
          hint={words.name('sentence.moment_hint')}
          error={at_ms === null ? words.name('sentence.moment_wrong') : null}
          inputMode="numeric"
          value={time}
          onChange={({ target }) => setTime(target.value)}
        />
        <TextField
          label={words.name('sentence.speaker')}
          maxLength={120}
          value={speaker}
          onChange={({ target }) => setSpeaker(target.value)}
        />
      </Stack>
    </Dialog>
  );
}
