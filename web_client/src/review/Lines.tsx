/** The words of a call beside its picture: looked through, heard by a press, corrected, masked and confirmed. */
import { useQuery } from '@tanstack/react-query';
import { Captions, Check, EyeOff, PencilLine, Search, Undo2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { type CallRecord, get, type TranscriptLine } from '../api';
import { timeWithSeconds } from '../clock';
import {
  Button,
  Dialog,
  Empty,
  ErrorNotice,
  Failed,
  isRole,
  Loading,
  ReviewLine,
  ReviewLines,
  type Role,
  Row,
  SearchField,
  Stack,
  Tag,
  Words as Text,
  TextArea,
} from '../design';
import type { Words } from '../words';
import { RedactDialog } from './Redactions';
import { ReturnDialog } from './ReturnDialog';
import { holding, lineAt } from './record';
import { around, useHidingWords, useRedactions } from './useRedactions';
import { type LineState, masked, type useTranscript } from './useTranscript';

export function Lines({
  record,
  transcript,
  at_ms,
  onSeek,
  words,
}: {
  record: CallRecord;
  transcript: ReturnType<typeof useTranscript>;
  at_ms: number;
  onSeek: (at_ms: number) => void;
  words: Words;
}) {
  const { found, revise, confirmAll, giveBack } = transcript;
  const [returning, setReturning] = useState<TranscriptLine | null>(null);
  const roles = useRoles(record.call_id);
  const [wanted, setWanted] = useState('');
  const [changing, setChanging] = useState<TranscriptLine | null>(null);
  const lines = found.data?.lines ?? [];
  const hits = holding(lines, wanted);
  const shown = wanted.trim() === '' ? lines : hits;
  const current = lineAt(lines, at_ms);
  const open = lines.filter(
    ({ state, doubtful, withheld }) => state === 'automatic' && !doubtful && !withheld,
  );
  const hiding = useHidingWords();
  const { found: redactions } = useRedactions(record.call_id);
  const [redacting, setRedacting] = useState<TranscriptLine | null>(null);
  const mayRedact = redactions.data?.may_redact === true && record.ended_at !== null;
  const list = useFollowing(current?.id);
  return (
    <ReviewLines
      label={words.name('lines.title')}
      search={
        <Stack gap={2}>
          <SearchField
            icon={Search}
            label={words.name('lines.search')}
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
          />
          <Row justify="between">
            <Text voice="note">
              {wanted.trim() === ''
                ? lines.length > 0 && words.name('lines.count', { count: lines.length, open: open.length })
                : words.name('lines.hits', { count: hits.length })}
            </Text>
            {open.length > 0 && (
              <Button
                size="small"
                look="plain"
                icon={Check}
                busy={confirmAll.isPending}
                onClick={() => confirmAll.mutate(open)}
              >
                {words.name('lines.confirm_all', { count: open.length })}
              </Button>
            )}
          </Row>
          {(confirmAll.error || revise.error) && (
            <ErrorNotice title={words.name('lines.change_failed')} error={confirmAll.error ?? revise.error} />
          )}
        </Stack>
      }
    >
      {found.isPending && <Loading label={words.name('lines.reading')} lines={5} />}
      {found.isError && (
        <Failed title={words.name('lines.failed')} error={found.error} onRetry={() => void found.refetch()} />
      )}
      {found.data && shown.length === 0 && (
        <Empty icon={Captions} title={words.name(wanted.trim() === '' ? 'lines.none' : 'lines.no_hits')}>
          {wanted.trim() === '' && words.name('lines.none_more')}
        </Empty>
      )}
      <ol ref={list}>
        {shown.map((line) => (
          <ReviewLine
            key={line.id}
            id={line.id}
            time={timeWithSeconds(Date.parse(record.started_at) + line.started_ms)}
            role={roles.get(line.identity) ?? null}
            name={line.name}
            text={textOf(line, words, hiding)}
            marked={wanted.trim()}
            current={line.id === current?.id}
            tag={
              line.redaction ? (
                <Tag look="solid" icon={EyeOff}>
                  {hiding.name('is')}
                </Tag>
              ) : (
                <LineTag line={line} words={words} />
              )
            }
            note={noteOf(line, words)}
            hint={words.name('lines.press')}
            onPress={() => onSeek(line.started_ms)}
            action={
              line.id === current?.id &&
              !line.withheld && (
                <LineActions
                  {...{ line, mayRedact, words, hiding }}
                  onRevise={(text, state) => revise.mutate({ line, text, state })}
                  onChange={() => setChanging(line)}
                  onReturn={() => setReturning(line)}
                  onRedact={() => setRedacting(line)}
                />
              )
            }
          />
        ))}
      </ol>
      {changing && (
        <ChangeLine
          line={changing}
          busy={revise.isPending}
          words={words}
          onClose={() => setChanging(null)}
          onSave={(text) =>
            revise.mutate(
              { line: changing, text, state: 'confirmed' },
              { onSettled: () => setChanging(null) },
            )
          }
        />
      )}
      {returning && (
        <ReturnDialog
          key={returning.id}
          busy={giveBack.isPending}
          error={giveBack.error}
          onClose={() => {
            giveBack.reset();
            setReturning(null);
          }}
          onReturn={(said) =>
            giveBack.mutate({ line: returning, words: said }, { onSuccess: () => setReturning(null) })
          }
        />
      )}
      {redacting && (
        <RedactDialog
          key={redacting.id}
          callId={record.call_id}
          lines={lines}
          span={around(redacting)}
          onClose={() => setRedacting(null)}
        />
      )}
    </ReviewLines>
  );
}

/** What whoever reads may do with a line; giving back and hiding are a supervisor's. */
function LineActions({
  line,
  mayRedact,
  words,
  hiding,
  onRevise,
  onChange,
  onReturn,
  onRedact,
}: {
  line: TranscriptLine;
  mayRedact: boolean;
  words: Words;
  hiding: Words;
  onRevise: (text: string, state: LineState) => void;
  onChange: () => void;
  onReturn: () => void;
  onRedact: () => void;
}) {
  const isOpen = line.state === 'automatic' || line.state === 'returned';
  return (
    <>
      {isOpen && (
        <Button size="small" look="plain" icon={Check} onClick={() => onRevise(line.text, 'confirmed')}>
          {words.name('lines.confirm')}
        </Button>
      )}
      {line.proposals.length > 0 && (
        <Button size="small" look="plain" icon={EyeOff} onClick={() => onRevise(masked(line), 'masked')}>
          {words.name('lines.mask')}
        </Button>
      )}
      <Button size="small" look="plain" icon={PencilLine} onClick={onChange}>
        {words.name('lines.change')}
      </Button>
      {mayRedact && !isOpen && line.state !== 'unheard' && (
        <Button size="small" look="plain" icon={Undo2} onClick={onReturn}>
          {words.name('back.give')}
        </Button>
      )}
      {mayRedact && !line.redaction && (
        <Button size="small" look="plain" icon={EyeOff} onClick={onRedact}>
          {hiding.name('add')}
        </Button>
      )}
    </>
  );
}

function textOf(line: TranscriptLine, words: Words, hiding: Words): string {
  if (line.withheld && line.redaction)
    return hiding.name('withheld', { reason: hiding.name(`reason.${line.redaction.reason}`) });
  return line.state === 'unheard' ? words.name(`lines.unheard_${line.reason || 'unclear'}`) : line.text;
}

function noteOf({ returned, doubtful, state }: TranscriptLine, words: Words): string {
  if (returned) return words.name('back.said', { name: returned.by_name, words: returned.words });
  return doubtful && state === 'automatic' ? words.name('lines.doubtful') : '';
}

/** 確認済 or 自動・未確認: only the confirmed words are the record. */
function LineTag({ line, words }: { line: TranscriptLine; words: Words }) {
  const isDone = line.state === 'confirmed' || line.state === 'masked';
  return (
    <Tag
      look={isDone ? 'ok' : line.state === 'returned' ? 'warn' : 'draft'}
      {...(isDone ? { icon: Check } : {})}
    >
      {words.name(`lines.is_${line.state}`)}
    </Tag>
  );
}

function ChangeLine({
  line,
  busy,
  words,
  onClose,
  onSave,
}: {
  line: TranscriptLine;
  busy: boolean;
  words: Words;
  onClose: () => void;
  onSave: (text: string) => void;
}) {
  const [text, setText] = useState(line.text);
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.name('lines.change_title', { name: line.name })}
      closable
      actions={
        <Button disabled={text.trim() === ''} busy={busy} onClick={() => onSave(text.trim())}>
          {words.name('lines.save')}
        </Button>
      }
    >
      <Stack gap={3}>
        <TextArea
          label={words.name('lines.text')}
          maxLength={2000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Text voice="note">{words.name('lines.change_more')}</Text>
      </Stack>
    </Dialog>
  );
}

/** The list follows what is said, inside its own frame. */
function useFollowing(id: string | undefined) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const frame = list.current?.parentElement;
    const line = id && list.current?.querySelector<HTMLElement>(`#line-${CSS.escape(id)}`);
    if (frame && line) frame.scrollTo({ top: line.offsetTop - frame.offsetTop - 48 });
  }, [id]);
  return list;
}

/** Whose letter stands before a line. */
export function useRoles(call_id: string): ReadonlyMap<string, Role> {
  const { data } = useQuery({
    queryKey: ['calls', call_id],
    queryFn: () => get('/calls/{call_id}', { path: { call_id } }),
  });
  const found = new Map<string, Role>();
  for (const { person } of data?.members ?? [])
    if (isRole(person.role)) found.set(`S-${person.id}`, person.role);
  for (const { invitation_id, kind } of data?.guests ?? []) found.set(`G-${invitation_id}`, kind);
  return found;
}
