/**
 * Driving the camera of somebody else's tablet (pure): what is said between the pages, topic `genba.camera`, and what of it is
 * believed. Anybody of the staff may ask; only whom the person at the camera let may do, and only what the device can.
 */
import { isStaffIdentity } from '../call/members';
export const CAMERA_TOPIC = 'genba.camera';

/** From the one who looks. `still` is taken at once where that was allowed, else it is a request. */
export type Wish =
  | { readonly do: 'still' }
  | { readonly do: 'lend' }
  | { readonly do: 'torch'; readonly on: boolean }
  | { readonly do: 'zoom'; readonly factor: number }
  | { readonly do: 'switch' };

/** From the one at the camera: what the other may do, and how the tools stand. Null = nothing may be done any more. */
export type Lent = {
  readonly lent: {
    readonly stills: boolean;
    readonly torch: boolean | null;
    readonly zoom: { readonly min: number; readonly max: number; readonly now: number } | null;
    readonly canSwitch: boolean;
  } | null;
};

const LONGEST_BYTES = 1_000;

export function write(message: Wish | Lent): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(message));
}

/** A message of somebody of the staff, or null: guests, the server and nonsense say nothing here. */
export function read(payload: Uint8Array, identity: string | undefined): Wish | Lent | null {
  if (!identity || !isStaffIdentity(identity) || payload.length > LONGEST_BYTES) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null) return null;
  const said = parsed as Record<string, unknown>;
  if ('lent' in said) return readLent(said.lent);
  switch (said.do) {
    case 'still':
    case 'lend':
    case 'switch':
      return { do: said.do };
    case 'torch':
      return typeof said.on === 'boolean' ? { do: 'torch', on: said.on } : null;
    case 'zoom':
      return isNumber(said.factor) && said.factor > 0 && said.factor <= 100
        ? { do: 'zoom', factor: said.factor }
        : null;
    default:
      return null;
  }
}

function readLent(value: unknown): Lent | null {
  if (value === null) return { lent: null };
  if (typeof value !== 'object') return null;
  const { stills, torch, zoom, canSwitch } = value as Record<string, unknown>;
  if (typeof stills !== 'boolean' || typeof canSwitch !== 'boolean') return null;
  if (torch !== null && typeof torch !== 'boolean') return null;
  if (zoom === null) return { lent: { stills, torch, zoom, canSwitch } };
  const { min, max, now } = (zoom ?? {}) as Record<string, unknown>;
  if (!isNumber(min) || !isNumber(max) || !isNumber(now) || !(min < max)) return null;
  return { lent: { stills, torch, zoom: { min, max, now }, canSwitch } };
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
