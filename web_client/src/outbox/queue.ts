/**
 * The order in which notes and stills leave a device, in which pieces, and what an answer of the server means for them (pure). Small
 * ones go first: on a line that comes and goes, words arrive although a recording does not.
 */

export type WaitingKind = 'text' | 'voice' | 'still';

/** A note or a still that waits; what it says is sealed, this is not. */
export interface Waiting {
  readonly id: string;
  readonly account: string;
  readonly call_id: string;
  readonly kind: WaitingKind;
  readonly size_bytes: number;
  readonly sha256: string;
  readonly duration_ms: number;
  /** ISO time. */
  readonly recorded_at: string;
}

/** Where one is: waiting, so much of it sent, or not wanted by the server with the reason's key. */
export type Progress =
  | { readonly at: 'waiting' }
  | { readonly at: 'sending'; readonly sent_bytes: number }
  | { readonly at: 'refused'; readonly key: string };

export const MAX_TEXT = 2_000;
export const MAX_VOICE_S = 600;

export function inOrder(items: readonly Waiting[]): readonly Waiting[] {
  return [...items].sort(
    (one, other) => one.size_bytes - other.size_bytes || one.recorded_at.localeCompare(other.recorded_at),
  );
}

export const FIRST_PIECE_BYTES = 8_000;
const SMALLEST_PIECE_BYTES = 2_000;
/** The server takes 256 KiB in one request. */
const LARGEST_PIECE_BYTES = 128_000;

/** The next piece's size after one of `bytes` took `took_s`: a lost request should cost a few seconds, not all of it. */
export function nextPiece(bytes: number, took_s: number): number {
  if (took_s < 1.5) return Math.min(LARGEST_PIECE_BYTES, bytes * 2);
  return took_s > 5 ? Math.max(SMALLEST_PIECE_BYTES, Math.floor(bytes / 2)) : bytes;
}

/** What to do after a refusal: go on from an offset, begin anew, wait, or keep it and say why. */
export type Reaction =
  | { readonly do: 'from'; readonly offset: number }
  | { readonly do: 'anew' }
  | { readonly do: 'wait' }
  | { readonly do: 'keep'; readonly key: string };

export interface Refusal {
  readonly key: string;
  readonly status: number;
  readonly offset: number | undefined;
}

export function reactTo({ key, status, offset }: Refusal): Reaction {
  if (key === 'arrival.elsewhere' && offset !== undefined) return { do: 'from', offset };
  if (key === 'arrival.damaged') return { do: 'anew' };
  // Not reached, busy, too often, signed out: the same request may succeed later.
  if (status === 0 || status >= 500 || status === 429 || status === 401 || key === 'csrf')
    return { do: 'wait' };
  return { do: 'keep', key };
}

const SHORTEST_WAIT_S = 2;
const LONGEST_WAIT_S = 30;

/** Seconds until the next try after `failures` in a row. */
export function waitAfter(failures: number): number {
  return Math.min(LONGEST_WAIT_S, SHORTEST_WAIT_S * 2 ** Math.min(failures, 6));
}

/** 2 KB, 0.4 MB. */
export function sizeWords(bytes: number): string {
  return bytes < 100_000
    ? `${Math.max(1, Math.round(bytes / 1000))} KB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
