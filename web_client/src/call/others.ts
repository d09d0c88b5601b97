/**
 * What the others' pictures have become, as they tell it themselves (pure): the rung in a small data packet whenever it
 * changes, the stills as byte streams.
 */

import { type Reason, RUNGS, type Rung } from './ladder';
import type { OtherLine, Still } from './otherPicture';

export const RUNG_TOPIC = 'genba.rung';
export const STILL_TOPIC = 'genba.still';
/** Nobody sends more; a stream that says it is larger is not read. */
export const MAX_STILL_BYTES = 200_000;

export type Others = ReadonlyMap<string, OtherLine>;

export type OthersEvent =
  | { readonly type: 'rung'; readonly identity: string; readonly rung: Rung; readonly reason: Reason }
  | { readonly type: 'still'; readonly identity: string; readonly still: Still }
  | { readonly type: 'gone'; readonly identity: string };

/** The others after `event`; `dropped` are pictures nobody shows any more. */
export function advanceOthers(
  before: Others,
  event: OthersEvent,
): { readonly others: Others; readonly dropped: readonly Still[] } {
  const others = new Map(before);
  const known = before.get(event.identity);
  switch (event.type) {
    case 'gone':
      others.delete(event.identity);
      break;
    case 'still':
      others.set(event.identity, { reason: 'weak', ...known, rung: 'stills', still: event.still });
      break;
    case 'rung': {
      // Voice only keeps no picture: an old one would look like the present.
      const still = event.rung === 'stills' ? (known?.still ?? null) : null;
      others.set(event.identity, { rung: event.rung, reason: event.reason, still });
      break;
    }
  }
  const kept = others.get(event.identity)?.still;
  return { others, dropped: known?.still && known.still !== kept ? [known.still] : [] };
}

const REASONS: readonly Reason[] = ['none', 'weak', 'cap', 'saving', 'cut', 'manual'];

export function rungPacket(rung: Rung, reason: Reason): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify({ rung, reason }));
}

/** A rung from a data packet, or null for anything malformed. */
export function parseRung(payload: Uint8Array): { readonly rung: Rung; readonly reason: Reason } | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    const told = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
    const rung = RUNGS.find((known) => known === told.rung);
    const reason = REASONS.find((known) => known === told.reason);
    return rung && reason ? { rung, reason } : null;
  } catch {
    return null;
  }
}
