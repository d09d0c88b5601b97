/** Stills in a call of staff: the sheet that takes them, and the strip of those that were taken, here or on their way. */
import { Camera } from 'lucide-react';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { Call, Person } from '../api';
import { staffIdentity } from '../call/members';
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
import type { View } from '../view/View';
import { useWords } from '../words';
import { CameraLink } from './CameraLink';
import { OnStage } from './OnStage';
import { StillSheet } from './StillSheet';
import { type Occasions, useCaseOf, useOccasions } from './useOccasions';
import { imageOf, nameOf, useStills, useStillsOfCase } from './useStills';
import { Viewer } from './Viewer';

export interface InCallProps {
  call: Call;
  person: Person;
  live: LiveCall;
}

/** The most used tool at the site, and so the white one; a desk asks for a still instead of taking one. */
export function StillTool({ shape, run }: { shape: Shape; run: (command: 'still') => void }) {
  const words = useWords('still');
  if (shape === 'desk') return null;
  return (
    <ToolButton icon={Camera} look="main" label={words.name('kind.still')} onClick={() => run('still')} />
  );
}

/** Which still is looked at closely; kept here, since panels come and go as a tablet is turned. */
const looked = new Store<string | null>(null);

/** Beside the stills of this call those of its case, earlier ones first. */
function LookedAt({ call, live, view }: Pick<InCallProps, 'call' | 'live'> & { view: View | null }) {
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
  const close = () => looked.set(null);
  const present = () => void view?.present(`still:${still.id}`).then(close, () => undefined);
  return <Viewer {...{ still, others }} onClose={close} onPresent={view ? present : undefined} />;
}

/** The windows of stills: one is taken, one is looked at. Lending the camera is looked after here as well. */
export function StillWindows({
  open,
  onClose,
  ...rest
}: InCallProps & { open: boolean; onClose: () => void; view: View | null }) {
  const occasions = useOccasions(rest.call, rest.person, rest.live);
  const { account, board, fixed, track } = occasions;
  useLending(rest.live, occasions);
  return (
    <>
      {open && <StillSheet {...{ account, board, track, onClose }} occasion={fixed} />}
      <LookedAt {...rest} />
    </>
  );
}

/** One link for the call, with whatever is true when a still is wished for at once. */
const lending = new Store<CameraLink | null>(null);

function useLending({ session, snapshot }: LiveCall, occasions: Occasions): void {
  const now = useRef(occasions);
  now.current = occasions;
  const isOpen = snapshot.line.at === 'open' || snapshot.line.at === 'reconnecting';
  useEffect(() => {
    if (!session || !isOpen) return;
    const made = new CameraLink(
      session,
      (consent) => void now.current.takeNow(consent).catch(() => undefined),
    );
    lending.set(made);
    return () => {
      lending.set(null);
      made.close();
    };
  }, [session, isOpen]);
}

/** Over the pictures; see `OnStage`. */
export function StillsOnStage({ view, shape, ...rest }: InCallProps & { view: View | null; shape: Shape }) {
  const link = useSyncExternalStore(lending.subscribe, lending.get);
  const occasions = useOccasions(rest.call, rest.person, rest.live);
  if (view === null || rest.live.snapshot.members.length < 2) return null;
  return <OnStage {...{ view, shape, link, occasions }} live={rest.live} />;
}

/** The strip in the panel. */
export function StillsOfCall({ call, person, live, onTake }: InCallProps & { onTake: () => void }) {
  const words = useWords('still');
  const { data: stills = [] } = useStills(call.id, live.session?.room);
  const waiting = useKeepSending(staffIdentity(person.id)) ?? [];
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
