/** Stills in a call of staff: the sheet that takes them, and the strip of those that were taken, here or on their way. */
import { useQuery } from '@tanstack/react-query';
import { Camera } from 'lucide-react';
import { useState } from 'react';
import { type Call, get, type Person } from '../api';
import type { LiveCall } from '../call/useCall';
import { timeWithSeconds } from '../clock';
import {
  Button,
  PanelSubhead,
  Words as Paragraph,
  type Shape,
  Stack,
  StillStrip,
  ToolButton,
} from '../design';
import { useKeepSending } from '../outbox/useKeepSending';
import { useWords } from '../words';
import { StillSheet } from './StillSheet';
import { imageOf, nameOf, useStills, useStillsOfCase } from './useStills';
import { Viewer } from './Viewer';

export interface InCallProps {
  call: Call;
  person: Person;
  live: LiveCall;
}

function useCaseOf(callId: string) {
  const { data } = useQuery({
    queryKey: ['calls', callId, 'case'],
    queryFn: () => get('/calls/{call_id}/case', { path: { call_id: callId } }),
  });
  return data?.case ?? null;
}

/** The most used tool at the site, and so the white one; a desk asks for a still instead of taking one. */
export function StillTool({ shape, run }: { shape: Shape; run: (command: 'still') => void }) {
  const words = useWords('still');
  if (shape === 'desk') return null;
  return (
    <ToolButton icon={Camera} look="main" label={words.name('kind.still')} onClick={() => run('still')} />
  );
}

/** The window in which a still is taken. */
export function TakeStill({
  open,
  onClose,
  call,
  person,
  live,
  askedBy,
}: InCallProps & { open: boolean; onClose: () => void; askedBy?: string | undefined }) {
  const found = useCaseOf(call.id);
  const me = live.snapshot.members.find(({ isLocal }) => isLocal);
  if (!open) return null;
  const witnesses = live.snapshot.members.filter(
    ({ isLocal, post, role }) => !isLocal && (post || role !== 'resident'),
  );
  return (
    <StillSheet
      open
      onClose={onClose}
      account={`S-${person.id}`}
      track={me?.camera?.mediaStreamTrack ?? null}
      occasion={{
        call: { id: call.id, number: call.number },
        case: found && { id: found.id, number: found.number },
        by: { id: person.id, name: person.name },
      }}
      board={{
        work: found?.title || call.title,
        spot: found?.place || call.place,
        witness: witnesses.map(({ name, post }) => [name, post].filter(Boolean).join(' ')).join('、'),
      }}
      askedBy={askedBy}
    />
  );
}

/** The strip in the panel. */
export function StillsOfCall({ call, person, live, onTake }: InCallProps & { onTake: () => void }) {
  const words = useWords('still');
  const { data: stills = [] } = useStills(call.id, live.session?.room);
  const waiting = useKeepSending(`S-${person.id}`) ?? [];
  const found = useCaseOf(call.id);
  const { data: ofCase = [] } = useStillsOfCase(found?.id ?? null);
  const [shownId, setShown] = useState<string | null>(null);
  const shown = stills.find(({ id }) => id === shownId);
  const here = new Set(stills.map(({ id }) => id));
  const earlier = ofCase.filter(({ id }) => !here.has(id));
  const coming = waiting.filter(
    ({ kind, call_id, id }) => kind === 'still' && call_id === call.id && !here.has(id),
  );
  return (
    <section>
      <PanelSubhead>{words.name('strip.title')}</PanelSubhead>
      <Stack gap={3}>
        {stills.length + coming.length === 0 && (
          <Paragraph voice="note">{words.name('strip.none')}</Paragraph>
        )}
        <StillStrip
          label={words.name('strip.title')}
          onOpen={setShown}
          stills={[
            ...stills.map((still) => ({
              id: still.id,
              url: imageOf(still.id, 360),
              label: `${timeWithSeconds(still.taken_at)} ${nameOf(still)}`,
            })),
            ...coming.map(({ id, progress, size_bytes }) => ({
              id,
              url: null,
              label: '',
              note:
                progress.at === 'sending'
                  ? words.name('strip.sending', {
                      percent: Math.round((progress.sent_bytes / size_bytes) * 100),
                    })
                  : words.name(progress.at === 'refused' ? 'strip.refused' : 'strip.waiting'),
            })),
          ]}
        />
        <Button look="second" size="small" icon={Camera} onClick={onTake}>
          {words.name('take.title')}
        </Button>
      </Stack>
      {shown && (
        <Viewer
          still={shown}
          others={[...earlier, ...stills].filter(({ id }) => id !== shown.id)}
          onClose={() => setShown(null)}
        />
      )}
    </section>
  );
}
