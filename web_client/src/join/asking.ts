/** The edge that asks the browser for microphone and camera, in the order `devices.ts` decides. */
import {
  type Attempt,
  classifyFailure,
  type DeviceReport,
  nextRequest,
  reportOn,
  standingProblem,
  type Wanted,
  willAsk,
} from './devices';

export interface Answered {
  readonly report: DeviceReport;
  /** What was allowed; the page holds it until the call has its own, so that no second question appears. */
  readonly stream: MediaStream | null;
}

const CONSTRAINTS: Readonly<Record<Wanted, MediaStreamConstraints>> = {
  both: { audio: true, video: { facingMode: 'user' } },
  microphone: { audio: true },
  camera: { video: { facingMode: 'user' } },
};

/** Asks until there is nothing left worth asking; never throws. */
export async function askForDevices(): Promise<Answered> {
  const surroundings = {
    isSecureContext: window.isSecureContext,
    hasMediaDevices: navigator.mediaDevices?.getUserMedia !== undefined,
  };
  const standing = standingProblem(surroundings);
  const attempts: Attempt[] = standing === null ? [] : [{ wanted: 'both', problem: standing }];
  let stream: MediaStream | null = null;
  for (let wanted = nextRequest(attempts); wanted !== null; wanted = nextRequest(attempts)) {
    try {
      stream = await navigator.mediaDevices.getUserMedia(CONSTRAINTS[wanted]);
      attempts.push({ wanted, problem: null });
    } catch (error) {
      attempts.push({ wanted, problem: classifyFailure(error) });
    }
  }
  return { report: reportOn(attempts), stream };
}

/** Whether the browser will show its question; browsers that do not tell are taken to ask. */
export async function dialogExpected(): Promise<boolean> {
  const [microphone, camera] = await Promise.all([permission('microphone'), permission('camera')]);
  return willAsk(microphone, camera);
}

async function permission(name: 'microphone' | 'camera'): Promise<PermissionState | null> {
  try {
    // Firefox and old Safari know neither name and reject
    return (await navigator.permissions.query({ name: name as PermissionName })).state;
  } catch {
    return null;
  }
}

/** Ends every capture of a stream, so that the lamp beside the camera goes out. */
export function stopStream(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
