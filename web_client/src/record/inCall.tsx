/** What a call keeps, where people see it: the staff's tools, captions and the red line on the stage, the guest's say. */
import { Suspense } from 'react';
import { later } from '../call/later';
import type { LiveCall } from '../call/useCall';
import type { Shape } from '../design';

const staffConsent = () => import('../consent/StaffConsent');
const ConsentTool = later(async () => (await staffConsent()).ConsentTool, 'consent');
const ConsentBand = later(async () => (await staffConsent()).ConsentBand, 'consent');
const recording = () => import('./Recording');
const RecordingTool = later(async () => (await recording()).RecordingTool, 'recording');
const RecordingSheet = later(async () => (await recording()).RecordingSheet, 'recording');
const RecordingLine = later(async () => (await recording()).RecordingLine, 'recording');
const GuestConsent = later(async () => (await import('../consent/GuestConsent')).GuestConsent, 'consent');
const ProposeTool = later(async () => (await import('../decisions/Propose')).ProposeTool, 'decision');

/** Among the staff's tools. */
export function RecordTools(part: { callId: string; live: LiveCall; shape: Shape }) {
  return (
    <Suspense>
      <RecordingTool {...part} />
      <ConsentTool />
      <ProposeTool callId={part.callId} />
    </Suspense>
  );
}

/** Above the bar of staff: what they are asked, and what was stopped. */
export function RecordBand(part: { callId: string; live: LiveCall }) {
  return (
    <Suspense>
      <ConsentBand {...part} />
      <RecordingSheet {...part} />
    </Suspense>
  );
}

/** Over the stage, for everybody. */
export function RecordStage({ live }: { callId: string; live: LiveCall }) {
  return (
    <Suspense>
      <RecordingLine live={live} />
    </Suspense>
  );
}

/** Above a guest's picture: they are asked, and may take it back. */
export function GuestRecord(part: { callId: string; live: LiveCall }) {
  return (
    <Suspense>
      <GuestConsent {...part} />
    </Suspense>
  );
}
