/** Stills in a call of staff: the sheet that takes them, and the strip of those that were taken, here or on their way. */
import { useQuery } from '@tanstack/react-query';
import { Camera } from 'lucide-react';
import { useEffect, useSyncExternalStore } from 'react';
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
import { Store } from '../view/store';
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
function TakeStill({
  onClose,
  call,
  person,
  live,
  askedBy,
}: InCallProps & { onClose: () => void; askedBy?: string | undefined }) {
  const found = useCaseOf(call.id);
  const me = live.snapshot.members.find(({ isLocal }) => isLocal);
  const witnesses = live.snapshot.members.filter(
    ({ isLocal, post, role }) => !isLocal && (post || role !== 'resident'),
  );
  return (
    <StillSheet
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

/** Which still is looked at closely; kept here, since panels come and go as a tablet is turned. */
const looked = new Store<string | null>(null);

/** Beside the stills of this call those of its case, earlier ones first. */
function LookedAt({ call, live }: Pick<InCallProps, 'call' | 'live'>) {
  const id = useSyncExternalStore(looked.subscribe, looked.get);
  const { data: stills = [] } = useStills(call.id, live.session?.room);
  const found = useCaseOf(call.id);
  const { data: ofCase = [] } = useStillsOfCase(id === null ? null : (found?.id ?? null));
  const still = stills.find((each) => each.id === id);
  useEffect(() => () => looked.set(null), []);
  if (!still) return null;
  const here = new Set(stills.map((each) => each.id));
  const earlier = ofCase.filter((each) => !here.has(each.id));
  const others = [...earlier, ...stills].filter((each) => each.id !== id);
  return <Viewer still={still} others={others} onClose={() => looked.set(null)} />;
}

/** The windows of stills: one is taken, one is looked at. */
export function StillWindows({ open, ...rest }: InCallProps & { open: boolean; onClose: () => void }) {
  return (
    <>
      {open && <TakeStill {...rest} />}
      <LookedAt {...rest} />
    </>
  );
}

/** The strip in the panel. */
export function StillsOfCall({ call, person, live, onTake }: InCallProps & { onTake: () => void }) {
  const words = useWords('still');
  const { data: stills = [] } = useStills(call.id, live.session?.room);
  const waiting = useKeepSending(`S-${person.id}`) ?? [];
  const here = new Set(stills.map(({ id }) => id));
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
          onOpen={(id) => looked.set(id)}
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
    </section>
  );
}
