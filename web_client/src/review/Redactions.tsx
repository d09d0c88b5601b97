/** 不開示: what of the record is hidden, on which ground, by whom, with its proof; hidden and lifted by supervisors. */
import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import type { CallRecord, Redaction, RedactionWish, TranscriptLine } from '../api';
import { dateOf, timeOf } from '../clock';
import {
  Button,
  Dialog,
  Digest,
  Empty,
  ErrorNotice,
  Failed,
  Loading,
  Section,
  SelectField,
  Stack,
  Tag,
  Words as Text,
  TextArea,
  TextField,
  Timeline,
  TimelineRow,
} from '../design';
import { moment, momentIn } from '../minutes/minutes';
import type { Words } from '../words';
import { useHidingWords, useRedactions } from './useRedactions';

const REASONS = ['personal', 'corporate', 'safety', 'deliberation', 'operations', 'law'] as const;

export function Redactions({ record, lines }: { record: CallRecord; lines: readonly TranscriptLine[] }) {
  const words = useHidingWords();
  const { found, lift } = useRedactions(record.call_id);
  const [isAdding, setAdding] = useState(false);
  const [lifting, setLifting] = useState<Redaction | null>(null);
  const mayRedact = found.data?.may_redact === true && record.ended_at !== null;
  const all = found.data?.redactions ?? [];
  if (found.data && all.length === 0 && !mayRedact) return null;
  return (
    <Section
      title={words.name('title')}
      action={
        mayRedact && (
          <Button look="plain" size="small" icon={EyeOff} onClick={() => setAdding(true)}>
            {words.name('add')}
          </Button>
        )
      }
    >
      <Stack gap={3}>
        <Text voice="note">{words.name('lead')}</Text>
        {found.isPending && <Loading label={words.name('reading')} lines={2} />}
        {found.isError && (
          <Failed
            title={words.name('reading_failed')}
            error={found.error}
            onRetry={() => void found.refetch()}
          />
        )}
        {found.data && all.length === 0 && <Empty icon={EyeOff} title={words.name('none')} />}
        {all.length > 0 && (
          <Timeline label={words.name('title')}>
            {all.toReversed().map((redaction) => (
              <Row
                key={redaction.id}
                redaction={redaction}
                words={words}
                onLift={mayRedact ? () => setLifting(redaction) : null}
              />
            ))}
          </Timeline>
        )}
      </Stack>
      {isAdding && (
        <RedactDialog
          callId={record.call_id}
          lines={lines}
          span={{ from_ms: 0, to_ms: 0 }}
          onClose={() => setAdding(false)}
        />
      )}
      {lifting && (
        <LiftDialog
          {...{ lift, words }}
          redaction={lifting}
          onClose={() => {
            lift.reset();
            setLifting(null);
          }}
        />
      )}
    </Section>
  );
}

function Row({
  redaction,
  words,
  onLift,
}: {
  redaction: Redaction;
  words: Words;
  onLift: (() => void) | null;
}) {
  const { from_ms, to_ms, reason, at, lifted_at, lifted_by, lifted_words, by_name, by_post } = redaction;
  const when = (moment_: string) => `${dateOf(moment_, words.language)} ${timeOf(moment_)}`;
  const isLifted = lifted_at !== null;
  return (
    <TimelineRow
      date={moment(from_ms)}
      time={`– ${moment(to_ms)}`}
      icon={isLifted ? Eye : EyeOff}
      title={words.name(`reason.${reason}`)}
      tag={<Tag look={isLifted ? 'draft' : 'solid'}>{words.name(isLifted ? 'lifted' : 'is')}</Tag>}
      action={
        onLift &&
        !isLifted && (
          <Button look="plain" size="small" icon={Eye} onClick={onLift}>
            {words.name('lift')}
          </Button>
        )
      }
    >
      <Stack gap={1}>
        {redaction.words && <Text>{redaction.words}</Text>}
        <Text voice="note">
          {words.name('by', {
            name: [by_post, by_name].filter(Boolean).join(' '),
            when: when(at),
            count: redaction.lines,
          })}
        </Text>
        {isLifted && (
          <Text voice="note">
            {words.name('lifted_by', { name: lifted_by, when: when(lifted_at), words: lifted_words })}
          </Text>
        )}
        <Digest>{words.name('proof', { seq: redaction.seq, hash: redaction.hash })}</Digest>
      </Stack>
    </TimelineRow>
  );
}

/** What is to be hidden: a span, the ground, and a word about it. */
export function RedactDialog({
  callId,
  lines,
  span,
  onClose,
}: {
  callId: string;
  lines: readonly TranscriptLine[];
  /** Where it begins; nothing was chosen yet where it has no length. */
  span: { from_ms: number; to_ms: number };
  onClose: () => void;
}) {
  const words = useHidingWords();
  const { hide } = useRedactions(callId);
  const [from, setFrom] = useState(() => moment(span.from_ms));
  const [to, setTo] = useState(() => moment(span.to_ms));
  const [reason, setReason] = useState<RedactionWish['reason']>('personal');
  const [said, setSaid] = useState('');
  const from_ms = momentIn(from);
  const to_ms = momentIn(to);
  const isSpan = from_ms !== null && to_ms !== null && from_ms < to_ms;
  const covered = isSpan
    ? lines.filter(({ started_ms, ended_ms }) => started_ms < to_ms && ended_ms > from_ms).length
    : 0;
  const wrong = (moment_: number | null) => (moment_ === null ? words.name('moment_wrong') : null);
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.name('dialog')}
      closable
      actions={
        <Button
          icon={EyeOff}
          disabled={!isSpan}
          busy={hide.isPending}
          onClick={() =>
            isSpan && hide.mutate({ from_ms, to_ms, reason, words: said.trim() }, { onSuccess: onClose })
          }
        >
          {words.name('hide')}
        </Button>
      }
    >
      <Stack gap={4}>
        <TextField
          label={words.name('from')}
          hint={words.name('moment_hint')}
          error={wrong(from_ms)}
          inputMode="numeric"
          value={from}
          onChange={({ target }) => setFrom(target.value)}
        />
        <TextField
          label={words.name('to')}
          error={wrong(to_ms) ?? (isSpan || to_ms === 0 ? null : words.name('order_wrong'))}
          inputMode="numeric"
          value={to}
          onChange={({ target }) => setTo(target.value)}
        />
        <SelectField
          label={words.name('reason_label')}
          value={reason}
          options={REASONS.map((value) => ({ value, label: words.name(`reason.${value}`) }))}
          onChange={({ target }) => setReason(target.value as RedactionWish['reason'])}
        />
        <TextArea
          label={words.name('words')}
          hint={words.name('words_hint')}
          rows={2}
          maxLength={400}
          value={said}
          onChange={({ target }) => setSaid(target.value)}
        />
        {isSpan && <Text voice="note">{words.name('covers', { count: covered })}</Text>}
        {hide.error && <ErrorNotice title={words.name('failed')} error={hide.error} />}
      </Stack>
    </Dialog>
  );
}

function LiftDialog({
  redaction,
  lift,
  words,
  onClose,
}: {
  redaction: Redaction;
  lift: ReturnType<typeof useRedactions>['lift'];
  words: Words;
  onClose: () => void;
}) {
  const [said, setSaid] = useState('');
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.name('lift_title')}
      closable
      actions={
        <Button
          icon={Eye}
          disabled={said.trim() === ''}
          busy={lift.isPending}
          onClick={() => lift.mutate({ id: redaction.id, words: said.trim() }, { onSuccess: onClose })}
        >
          {words.name('lift')}
        </Button>
      }
    >
      <Stack gap={4}>
        <Text>{words.name('lift_more')}</Text>
        <TextArea
          label={words.name('lift_words')}
          rows={2}
          maxLength={400}
          value={said}
          onChange={({ target }) => setSaid(target.value)}
        />
        {lift.error && <ErrorNotice title={words.name('failed')} error={lift.error} />}
      </Stack>
    </Dialog>
  );
}
