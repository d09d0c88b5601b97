/** What a call keeps, where people see it: the staff's tools, captions and the red line on the stage, the guest's say. */
import { Suspense } from 'react';
import { later } from '../call/later';
import type { LiveCall } from '../call/useCall';
import type { Shape } from '../design';

const staffConsent = () => import('../consent/StaffConsent');
const ConsentTool = later(async () => (await staffConsent()).ConsentTool, 'consent');
const ConsentBand = later(async () => (await staffConsent()).ConsentBand, 'consent');
const ProposeTool = later(async () => (await import('../decisions/Propose')).ProposeTool, 'decision');
const GuestConsent = later(async () => (await import('../consent/GuestConsent')).GuestConsent, 'consent');

/** Among the staff's tools. */
export function RecordTools({ callId }: { callId: string; live: LiveCall; shape: Shape }) {
  return (
    <Suspense>
      <ConsentTool />
      <ProposeTool callId={callId} />
    </Suspense>
  );
}

/** Above the bar of staff: what they are asked, and what was stopped. */
export function RecordBand(part: { callId: string; live: LiveCall }) {
  return (
    <Suspense>
      <ConsentBand {...part} />
    </Suspense>
  );
}

/** Over the stage, for everybody. */
export function RecordStage(_: { callId: string; live: LiveCall }) {
  return null;
}

/** Above a guest's picture: they are asked, and may take it back. */
export function GuestRecord(part: { callId: string; live: LiveCall }) {
  return (
    <Suspense>
      <GuestConsent {...part} />
    </Suspense>
  );
}
