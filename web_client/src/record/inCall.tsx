/** What a call keeps, where people see it: the staff's tools, captions and the red line on the stage, the guest's say. */
import type { LiveCall } from '../call/useCall';
import type { Shape } from '../design';

/** Among the staff's tools. */
export function RecordTools(_: { callId: string; live: LiveCall; shape: Shape }) {
  return null;
}

/** Over the stage, for everybody. */
export function RecordStage(_: { callId: string; live: LiveCall }) {
  return null;
}

/** Above a guest's picture: they are asked, and may take it back. */
export function GuestRecord(_: { callId: string; live: LiveCall }) {
  return null;
}
