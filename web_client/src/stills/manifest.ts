/** What a still says of itself (pure): the manifest that the device signs, from what is known at the moment of the picture. */
import type { components } from '../types';

export type Manifest = components['schemas']['Manifest'];
export type Board = components['schemas']['Board'];
export type Consent = Manifest['consent'];
export type Way = components['schemas']['Camera']['way'];

/** A picture as a camera gave it; `width` and `height` as it is looked at. */
export interface Shot {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly media_type: 'image/jpeg' | 'image/png' | 'image/webp';
  readonly width: number;
  readonly height: number;
  readonly way: Way;
  readonly label: string;
  /** What the device says it can; 0 where it says nothing. */
  readonly max_width: number;
  readonly max_height: number;
}

/** Where the device was, in the units of the browser: degrees and metres. */
export interface Position {
  readonly latitude: number;
  readonly longitude: number;
  readonly accuracy: number;
}

export interface Circumstances {
  readonly id: string;
  readonly kind: Manifest['kind'];
  readonly takenAt: Date;
  readonly call: Manifest['call'];
  readonly case: Manifest['case'];
  readonly by: Manifest['by'];
  readonly device: Manifest['device'];
  /** Whose camera it is: a participant's identity. */
  readonly of: string;
  readonly position: Position | null;
  /** Degrees clockwise from north. */
  readonly heading: number | null;
  readonly board: Board;
  readonly consent: Consent;
}

export const EMPTY_BOARD: Board = {
  work: '',
  work_type: '',
  spot: '',
  witness: '',
  designed: '',
  measured: '',
  note: '',
};

export const LONGEST = 200;

const FILES = {
  'image/jpeg': 'original.jpg',
  'image/png': 'original.png',
  'image/webp': 'original.webp',
} as const;

export function manifestOf(shot: Shot, sha256: string, facts: Circumstances): Manifest {
  const { position, heading } = facts;
  return {
    v: 1,
    kind: facts.kind,
    id: facts.id,
    taken_at: inJapan(facts.takenAt),
    call: { id: facts.call.id, number: written(facts.call.number) },
    case: facts.case && { id: facts.case.id, number: written(facts.case.number) },
    by: { id: facts.by.id, name: written(facts.by.name) },
    device: { key_sha256: facts.device.key_sha256, label: written(facts.device.label) },
    picture: {
      file: FILES[shot.media_type],
      media_type: shot.media_type,
      width: shot.width,
      height: shot.height,
      size_bytes: shot.bytes.length,
      sha256,
    },
    camera: {
      way: shot.way,
      of: facts.of,
      label: written(shot.label),
      max_width: shot.max_width,
      max_height: shot.max_height,
    },
    place: position && {
      latitude_e7: Math.round(position.latitude * 1e7) + 0, // zero without a sign
      longitude_e7: Math.round(position.longitude * 1e7) + 0,
      accuracy_cm: Math.min(100_000_000, Math.max(0, Math.round(position.accuracy * 100))),
    },
    heading_cdeg: heading === null ? null : Math.round((((heading % 360) + 360) % 360) * 100) % 36_000,
    board: Object.fromEntries(
      Object.keys(EMPTY_BOARD).map((name) => [name, written(facts.board[name as keyof Board])]),
    ) as unknown as Board, // the names are those of a board
    consent: facts.consent,
  };
}

/** RFC 3339 in Japan's time with milliseconds, as records are written: 2026-11-24T10:21:07.250+09:00. */
export function inJapan(instant: Date): string {
  return new Date(instant.getTime() + 9 * 3_600_000).toISOString().replace('Z', '+09:00');
}

/** Text as the server takes it: composed (NFC), on one line, not too long, without control characters. */
export function written(text: string): string {
  const plain = [...text.normalize('NFC').replace(/\s+/g, ' ').trim()].filter(
    (each) => each >= ' ' && each !== '\u007f',
  );
  return plain.slice(0, LONGEST).join('').trim();
}
