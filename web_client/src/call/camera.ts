/**
 * The camera as a tool (pure): which one comes next, whether it has a lamp and a zoom, and the stops of that zoom.
 * Capabilities: MediaStream Image Capture section 13 (`torch`, `zoom`), Media Capture and Streams (`facingMode`).
 */

export interface CameraDevice {
  readonly deviceId: string;
  readonly label: string;
}

export interface ZoomRange {
  readonly min: number;
  readonly max: number;
}

export interface CameraTools {
  readonly hasTorch: boolean;
  readonly zoom: ZoomRange | null;
}

/** Capabilities as Chrome and Safari report them; the DOM types know neither torch nor zoom. */
export interface ReportedCapabilities {
  readonly torch?: boolean | readonly boolean[];
  readonly zoom?: { readonly min?: number; readonly max?: number };
}

/** Reads the tools of a running camera; Safari reports torch as `true`, older Chrome as a list. */
export function readTools(capabilities: ReportedCapabilities): CameraTools {
  const { torch, zoom } = capabilities;
  const hasTorch = typeof torch === 'boolean' ? torch : (torch ?? []).includes(true);
  const min = zoom?.min ?? 1;
  const max = zoom?.max ?? 1;
  return { hasTorch, zoom: max > min ? { min, max } : null };
}

const STOPS = [1, 2, 3, 4, 6, 8, 10] as const;

/** Round factors inside the range; the ends of the range where it has none. */
export function zoomStops({ min, max }: ZoomRange): readonly number[] {
  const inside = STOPS.filter((stop) => stop >= min && stop <= max);
  if (inside.length >= 2) return inside.slice(0, 5);
  return [min, max];
}

/** The stop after `current`; after the last comes the first. */
export function nextZoom(current: number, range: ZoomRange): number {
  const stops = zoomStops(range);
  return stops.find((stop) => stop > current + 0.01) ?? stops[0] ?? current;
}

export type Facing = 'user' | 'environment';

export type CameraChange =
  | { readonly by: 'facing'; readonly facing: Facing }
  | { readonly by: 'device'; readonly deviceId: string };

export interface CameraNow {
  readonly deviceId: string | undefined;
  readonly facing: Facing | undefined;
}

/** Whether a switch makes sense at all. */
export function canSwitch(devices: readonly CameraDevice[]): boolean {
  return new Set(devices.map(({ deviceId }) => deviceId)).size > 1;
}

/**
 * What to ask for when the person switches. A phone or tablet names its sides (`facing`) and has several lenses a side:
 * the side changes. A desk has devices without a side: the next one in the list is taken.
 */
export function nextCamera(devices: readonly CameraDevice[], now: CameraNow): CameraChange | null {
  if (!canSwitch(devices)) return null;
  if (now.facing !== undefined) {
    return { by: 'facing', facing: now.facing === 'environment' ? 'user' : 'environment' };
  }
  const index = devices.findIndex(({ deviceId }) => deviceId === now.deviceId);
  const next = devices[(index + 1) % devices.length];
  return next === undefined ? null : { by: 'device', deviceId: next.deviceId };
}

/** The side of a running camera: what the track says, else what its label says in Japanese or English. */
export function readFacing(facingMode: string | undefined, label: string): Facing | undefined {
  if (facingMode === 'user' || facingMode === 'environment') return facingMode;
  if (/back|rear|environment|背面/i.test(label)) return 'environment';
  return /front|user|前面/i.test(label) ? 'user' : undefined;
}
