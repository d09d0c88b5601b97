/** How long a recording is kept, who holds it, and the one file it can be taken out as. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CheckIcon, Download, FileVideo, Lock, LockOpen, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { get, post, type Recording, urlOf } from '../api';
import {
  Button,
  Check,
  Dialog,
  ErrorNotice,
  Facts,
  LinkButton,
  OTP_LENGTH,
  OtpField,
  Row,
  Section,
  SelectField,
  Stack,
  StatusLine,
  Words as Text,
  TextArea,
} from '../design';
import { recordDay } from '../letter/day';
import { useWords, type Words } from '../words';

const CLASSES = ['record', '1y', '3y', '5y', '10y', '30y'] as const;
const LAYOUTS = ['grid', 'speaker'] as const;
const LOOK_AGAIN_MS = 1500;
const MB = 1_000_000;

type Retention = Recording['retention'];

export function Keeping({ recording }: { recording: Recording }) {
  const words = useWords('keeping');
  const client = useQueryClient();
  const queryKey = ['calls', recording.call_id, 'recording'];
  const act = useMutation({
    mutationFn: async (what: () => Promise<{ recording: Recording | null }>) => (await what()).recording,
    onSuccess: (found) => client.setQueryData(queryKey, found),
  });
  const [asking, setAsking] = useState<'hold' | 'dispose' | null>(null);
  const path = { call_id: recording.call_id };
  const close = () => {
    act.reset();
    setAsking(null);
  };
  const isKept = recording.disposed_at === null;
  const isDecided = recording.may_dispose && isKept && !recording.running;
  return (
    <Section title={words.name('title')}>
      <Stack gap={3}>
        <Facts facts={[...(isDecided ? [] : [classOf(recording, words)]), ...factsOf(recording, words)]} />
        {act.error && !asking && <ErrorNotice title={words.name('failed')} error={act.error} />}
        {isDecided && (
          <SelectField
            label={words.name('class.label')}
            value={recording.retention}
            options={CLASSES.map((each) => ({ value: each, label: words.name(`class.${each}`) }))}
            onChange={({ currentTarget }) => {
              const retention = currentTarget.value as Retention; // one of the options
              act.mutate(() => post('/calls/{call_id}/recording/retention', { path, body: { retention } }));
            }}
          />
        )}
        {isDecided && (
          <Row gap={2}>
            {recording.confirmed_at === null && (
              <Button
                look="second"
                icon={CheckIcon}
                busy={act.isPending}
                onClick={() => act.mutate(() => post('/calls/{call_id}/recording/confirm', { path }))}
              >
                {words.name('confirm')}
              </Button>
            )}
            {recording.held_at === null ? (
              <>
                <Button look="second" icon={Lock} onClick={() => setAsking('hold')}>
                  {words.name('hold.open')}
                </Button>
                <Button look="danger-line" icon={Trash2} onClick={() => setAsking('dispose')}>
                  {words.name('dispose.open')}
                </Button>
              </>
            ) : (
              <Button
                look="second"
                icon={LockOpen}
                busy={act.isPending}
                onClick={() => act.mutate(() => post('/calls/{call_id}/recording/release', { path }))}
              >
                {words.name('hold.release')}
              </Button>
            )}
          </Row>
        )}
        {recording.is_open && isKept && !recording.running && (
          <Exports callId={recording.call_id} words={words} />
        )}
      </Stack>
      {asking && (
        <AskWhy
          kind={asking}
          words={words}
          busy={act.isPending}
          problem={act.error && <ErrorNotice title={words.name('failed')} error={act.error} />}
          onClose={close}
          onDo={(reason, code) =>
            act.mutate(
              () =>
                asking === 'hold'
                  ? post('/calls/{call_id}/recording/hold', { path, body: { reason } })
                  : post('/calls/{call_id}/recording/dispose', { path, body: { reason, code } }),
              { onSuccess: close },
            )
          }
        />
      )}
    </Section>
  );
}

function classOf(recording: Recording, words: Words): readonly [string, ReactNode] {
  return [words.name('class.label'), words.name(`class.${recording.retention}`)];
}

function factsOf(recording: Recording, words: Words): readonly (readonly [string, ReactNode])[] {
  const day = (at: string) => recordDay(at, words.language);
  const facts: [string, ReactNode][] = [];
  if (recording.due_at) facts.push([words.name('due'), day(recording.due_at)]);
  if (recording.held_at)
    facts.push([
      words.name('held'),
      words.name('held_since', { day: day(recording.held_at), reason: recording.hold_reason }),
    ]);
  if (recording.disposed_at) facts.push([words.name('disposed'), day(recording.disposed_at)]);
  const bytes = recording.tracks.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
  if (bytes > 0)
    facts.push([
      words.name('size'),
      words.name('size_is', { count: recording.tracks.length, mb: (bytes / MB).toFixed(1) }),
    ]);
  return facts;
}

/** Why, and for what cannot be undone a fresh code. */
export function AskWhy({
  kind,
  words,
  busy,
  problem,
  onClose,
  onDo,
}: {
  kind: 'hold' | 'dispose';
  words: Words;
  busy: boolean;
  problem: ReactNode;
  onClose: () => void;
  onDo: (reason: string, code: string) => void;
}) {
  const [reason, setReason] = useState('');
  const [code, setCode] = useState('');
  const isDisposal = kind === 'dispose';
  const isReady = reason.trim() !== '' && (!isDisposal || code.length === OTP_LENGTH);
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.name(`${kind}.title`)}
      actions={
        <>
          <Button look="plain" onClick={onClose}>
            {words.name('cancel')}
          </Button>
          <Button
            look={isDisposal ? 'danger' : 'primary'}
            busy={busy}
            disabled={!isReady}
            onClick={() => onDo(reason.trim(), code)}
          >
            {words.name(`${kind}.do`)}
          </Button>
        </>
      }
    >
      <Stack gap={3}>
        <Text>{words.name(`${kind}.lead`)}</Text>
        <TextArea
          label={words.name('reason')}
          value={reason}
          maxLength={400}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
        />
        {isDisposal && <OtpField label={words.name('code')} value={code} onChange={setCode} />}
        {problem}
      </Stack>
    </Dialog>
  );
}

/** 一つの映像ファイル: made beside the server, which takes a while. */
function Exports({ callId, words }: { callId: string; words: Words }) {
  const client = useQueryClient();
  const queryKey = ['calls', callId, 'recording', 'exports'];
  const [isBurntIn, setBurntIn] = useState(false);
  const path = { call_id: callId };
  const found = useQuery({
    queryKey,
    queryFn: async () => (await get('/calls/{call_id}/recording/exports', { path })).exports,
    refetchInterval: ({ state }) =>
      state.data?.some((each) => each.state === 'waiting' || each.state === 'working')
        ? LOOK_AGAIN_MS
        : false,
  });
  const start = useMutation({
    mutationFn: async (layout: (typeof LAYOUTS)[number]) =>
      (await post('/calls/{call_id}/recording/exports', { path, body: { layout, burnt_in: isBurntIn } }))
        .exports,
    onSuccess: (exports) => client.setQueryData(queryKey, exports),
  });
  return (
    <Stack gap={2}>
      <Check
        label={words.name('export.burnt_in')}
        checked={isBurntIn}
        onChange={({ currentTarget }) => setBurntIn(currentTarget.checked)}
      />
      <Text voice="note">{words.name('export.captions')}</Text>
      {start.error && <ErrorNotice title={words.name('failed')} error={start.error} />}
      {LAYOUTS.map((layout) => {
        const known = found.data?.find((each) => each.layout === layout);
        const name = words.name(`export.${layout}`);
        if (known?.state === 'ready')
          return (
            <Row key={layout} gap={2}>
              <LinkButton
                look="second"
                icon={Download}
                href={urlOf('/calls/{call_id}/recording/exports/{layout}', { path: { ...path, layout } })}
                download
              >
                {words.name('export.save', { name, mb: (known.size_bytes / MB).toFixed(1) })}
              </LinkButton>
              <Button look="quiet" busy={start.isPending} onClick={() => start.mutate(layout)}>
                {words.name('export.again', { name })}
              </Button>
            </Row>
          );
        if (known && known.state !== 'failed' && known.state !== 'outdated')
          return (
            <StatusLine key={layout} icon={FileVideo}>
              {words.name('export.working', { name, percent: Math.floor(known.progress * 100) })}
            </StatusLine>
          );
        return (
          <Row key={layout} gap={2}>
            <Button
              look="second"
              icon={FileVideo}
              busy={start.isPending}
              onClick={() => start.mutate(layout)}
            >
              {words.name(known ? 'export.again' : 'export.make', { name })}
            </Button>
            {known?.state === 'outdated' && <Text voice="note">{words.name('export.outdated')}</Text>}
          </Row>
        );
      })}
    </Stack>
  );
}
