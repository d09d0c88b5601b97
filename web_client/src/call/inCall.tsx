/** What stands around a call of staff and comes after its first picture. */
import { type ComponentProps, Suspense } from 'react';
import { CaseOfCall as Case } from '../cases/CaseOfCall';
import type { RecordTools as Tools } from '../record/inCall';
import { later } from './later';
import type { StaffHold as Held, HoldTools as Hold } from './StaffHold';

const stills = () => import('../stills/InCall');
const record = () => import('../record/inCall');
const hold = () => import('./StaffHold');
const StillsOfCall = later(async () => (await stills()).StillsOfCall, 'still');
const StillsOnStage = later(async () => (await stills()).StillsOnStage, 'still');
const GuideOfCall = later(async () => (await import('../concierge/GuideOfCall')).GuideOfCall, 'guide');
const ViewTools = later(async () => (await import('../view/inCall')).ViewTools, 'view');
const HoldTools = later(async () => (await hold()).HoldTools, 'hold');
const StaffHold = later(async () => (await hold()).StaffHold, 'hold');
const SupervisorBand = later(async () => (await import('../wall/SupervisorBand')).SupervisorBand, 'wall');
const NewsInCall = later(async () => (await import('../wall/NewsInCall')).NewsInCall, 'wall');
const RecordTools = later(async () => (await record()).RecordTools);
const RecordStage = later(async () => (await record()).RecordStage);
const RecordBand = later(async () => (await record()).RecordBand);
/** Without a line it is needed and cannot be fetched, so it comes with this module. */
const CaseOfCall = later(async () => Case, 'cases');

/** Tools beyond microphone and camera: what is shown, what is kept, who is on hold. */
export function CallTools(
  props: ComponentProps<typeof ViewTools> & ComponentProps<typeof Hold> & ComponentProps<typeof Tools>,
) {
  return (
    <Suspense>
      <ViewTools view={props.view} />
      <RecordTools {...props} />
      <HoldTools {...props} />
    </Suspense>
  );
}

/** Over the stage. */
export function CallOver(props: ComponentProps<typeof StillsOnStage>) {
  return (
    <Suspense>
      <StillsOnStage {...props} />
      <RecordStage callId={props.call.id} live={props.live} />
    </Suspense>
  );
}

/** Above the bar: what must not be overlooked. */
export function CallBands({
  call,
  live,
  hold,
  supervisor,
}: Pick<ComponentProps<typeof SupervisorBand>, 'call' | 'live'> & {
  hold: Omit<ComponentProps<typeof Held>, 'callId'>;
  supervisor: Omit<ComponentProps<typeof SupervisorBand>, 'call'> | null;
}) {
  return (
    <Suspense>
      <NewsInCall />
      {supervisor && <SupervisorBand call={call} {...supervisor} />}
      <StaffHold callId={call.id} {...hold} />
      {!supervisor?.isListening && <RecordBand callId={call.id} live={live} />}
    </Suspense>
  );
}

/** Below the people: which service fits, the case and the stills. */
export function CallParts(props: ComponentProps<typeof StillsOfCall>) {
  return (
    <Suspense>
      <GuideOfCall call={props.call} person={props.person} live={props.live} />
      <CaseOfCall callId={props.call.id} />
      <StillsOfCall {...props} />
    </Suspense>
  );
}
