/**
 * Microphone and camera before a call: what to ask the browser for next, and what a refusal means (pure), in the words
 * of Media Capture and Streams section 10.3 (the error names of `getUserMedia`). The caller does the asking.
 */

export type Problem =
  | 'insecure'
  | 'unsupported'
  | 'refused'
  | 'blocked_by_system'
  | 'missing'
  | 'busy'
  | 'unknown';
export type Wanted = 'both' | 'microphone' | 'camera';
export type DeviceState = { readonly ok: true } | { readonly ok: false; readonly problem: Problem };

export interface Attempt {
  readonly wanted: Wanted;
  readonly problem: Problem | null;
}

export interface DeviceReport {
  readonly microphone: DeviceState;
  readonly camera: DeviceState;
}

/** What the page may do at all, before anything is asked. */
export interface Surroundings {
  readonly isSecureContext: boolean;
  readonly hasMediaDevices: boolean;
}

/** A reason why asking makes no sense here, or null. */
export function standingProblem({ isSecureContext, hasMediaDevices }: Surroundings): Problem | null {
  if (hasMediaDevices) return null;
  return isSecureContext ? 'unsupported' : 'insecure';
}

const PROBLEMS: Readonly<Record<string, Problem>> = {
  NotAllowedError: 'refused',
  PermissionDeniedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'missing',
  DevicesNotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  TrackStartError: 'busy',
  AbortError: 'busy',
  TypeError: 'unsupported',
};

/** Names what `getUserMedia` threw. Chrome tells a refusal by the operating system only in the message. */
export function classifyFailure(error: unknown): Problem {
  const { name, message } = error instanceof Error ? error : { name: '', message: '' };
  const problem = PROBLEMS[name] ?? 'unknown';
  return problem === 'refused' && /by system/i.test(message) ? 'blocked_by_system' : problem;
}

const REFUSALS: readonly Problem[] = ['refused', 'blocked_by_system', 'insecure', 'unsupported'];

/**
 * What to ask for next, or null when everything worth asking was asked. One dialog for both first; when that fails the
 * voice alone, because a call without a picture is a call; the camera alone only if the microphone is not there or busy.
 */
export function nextRequest(attempts: readonly Attempt[]): Wanted | null {
  const [first, second] = attempts;
  if (first === undefined) return 'both';
  if (first.problem === null || first.wanted !== 'both' || attempts.length > 2) return null;
  if (first.problem === 'insecure' || first.problem === 'unsupported') return null;
  if (second === undefined) return 'microphone';
  if (attempts.length > 2 || second.problem === null) return null;
  return REFUSALS.includes(second.problem) ? null : 'camera';
}

function works(attempts: readonly Attempt[], device: 'microphone' | 'camera'): boolean {
  return attempts.some(({ wanted, problem }) => problem === null && (wanted === 'both' || wanted === device));
}

function stateOf(attempts: readonly Attempt[], device: 'microphone' | 'camera'): DeviceState {
  if (works(attempts, device)) return { ok: true };
  const own =
    attempts.find(({ wanted }) => wanted === device) ?? attempts.find(({ wanted }) => wanted === 'both');
  return { ok: false, problem: own?.problem ?? 'unknown' };
}

/** What works after these attempts. */
export function reportOn(attempts: readonly Attempt[]): DeviceReport {
  return { microphone: stateOf(attempts, 'microphone'), camera: stateOf(attempts, 'camera') };
}

/** The state of the permissions, where the browser tells: granted everywhere means no dialog will come. */
export function willAsk(microphone: PermissionState | null, camera: PermissionState | null): boolean {
  return microphone !== 'granted' || camera !== 'granted';
}
