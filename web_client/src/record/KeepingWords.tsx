/** How long what was said stays written down: when drafts go, what went, and who holds it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check, FileX2, Lock, LockOpen } from 'lucide-react';
import { useState } from 'react';
import { get, post, type TranscriptKeeping } from '../api';
import { Button, ErrorNotice, Facts, Failed, Row, Section, Stack, Words as Text } from '../design';
import { recordDay } from '../letter/day';
import { useWords, type Words } from '../words';
import { AskWhy } from './Keeping';

const SHOWN_OF_HASH = 16;

/** Nothing to see where everything is confirmed and nothing ever went. */
export function KeepingWords({ callId }: { callId: string }) {
  const words = useWords('transcript-keeping');
  const client = useQueryClient();
  const queryKey = ['calls', callId, 'transcript', 'keeping'];
  const path = { call_id: callId };
  const found = useQuery({
    queryKey,
    queryFn: () => get('/calls/{call_id}/transcript/keeping', { path }),
  });
  const act = useMutation({
    mutationFn: (what: () => Promise<TranscriptKeeping>) => what(),
    onSuccess: (found) => client.setQueryData(queryKey, found),
  });
  const [isAsking, setAsking] = useState(false);
  const kept = found.data;
  if (!kept && found.error)
    return (
      <Failed
        icon={FileX2}
        title={words.name('unknown')}
        error={found.error}
        onRetry={() => void found.refetch()}
      />
    );
  if (!kept || (kept.drafts === 0 && kept.disposals.length === 0 && kept.held_at === null)) return null;
  const close = () => {
    act.reset();
    setAsking(false);
  };
  const problem = act.error && <ErrorNotice title={words.name('failed')} error={act.error} />;
  return (
    <Section title={words.name('title')}>
      <Stack gap={3}>
        <Text>{words.name('lead')}</Text>
        <Facts facts={factsOf(kept, words)} />
        {!isAsking && problem}
        {kept.may_decide && (
          <Row gap={2}>
            {kept.confirmed_at === null && kept.drafts > 0 && (
              <Button
                look="second"
                icon={Check}
                busy={act.isPending}
                onClick={() =>
                  act.mutate(() => post('/calls/{call_id}/transcript/keeping/confirm', { path }))
                }
              >
                {words.name('confirm')}
              </Button>
            )}
            {kept.held_at === null && (
              <Button look="second" icon={Lock} onClick={() => setAsking(true)}>
                {words.name('hold.open')}
              </Button>
            )}
            {kept.held_at !== null && !kept.held_with_recording && (
              <Button
                look="second"
                icon={LockOpen}
                busy={act.isPending}
                onClick={() =>
                  act.mutate(() => post('/calls/{call_id}/transcript/keeping/release', { path }))
                }
              >
                {words.name('hold.release')}
              </Button>
            )}
          </Row>
        )}
      </Stack>
      {isAsking && (
        <AskWhy
          kind="hold"
          words={words}
          busy={act.isPending}
          problem={problem}
          onClose={close}
          onDo={(reason) =>
            act.mutate(() => post('/calls/{call_id}/transcript/keeping/hold', { path, body: { reason } }), {
              onSuccess: close,
            })
          }
        />
      )}
    </Section>
  );
}

function factsOf(kept: TranscriptKeeping, words: Words): readonly (readonly [string, string])[] {
  const day = (at: string) => recordDay(at, words.language);
  const facts: [string, string][] = [];
  if (kept.drafts > 0) facts.push([words.name('drafts'), words.name('lines', { count: kept.drafts })]);
  if (kept.drafts > 0 && kept.due_at) facts.push([words.name('due'), day(kept.due_at)]);
  if (kept.held_at)
    facts.push([
      words.name(kept.held_with_recording ? 'held_with_recording' : 'held'),
      words.name('held_since', { day: day(kept.held_at), reason: kept.hold_reason }),
    ]);
  for (const { at, lines, sha256 } of kept.disposals)
    facts.push([
      words.name('disposed'),
      words.name('disposed_was', { day: day(at), count: lines, hash: sha256.slice(0, SHOWN_OF_HASH) }),
    ]);
  return facts;
}
