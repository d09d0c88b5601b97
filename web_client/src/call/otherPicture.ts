/**
 * What a tile shows of somebody whose line is weak (pure): video, the newest still with its age, or voice only. A still
 * that no newer one followed is called old, so that nobody takes it for the present.
 */

import type { Reason, Rung } from './ladder';

/** After so long without a newer one, a still is called frozen. */
export const OLD_AFTER_S = 25;

export interface Still {
  readonly url: string;
  readonly at: number;
}

/** One person's line: their rung and why, and the newest still. */
export interface OtherLine {
  readonly rung: Rung;
  readonly reason: Reason;
  readonly still: Still | null;
}

export type PictureState =
  | { readonly kind: 'video' }
  | { readonly kind: 'still'; readonly url: string; readonly age_s: number; readonly isOld: boolean }
  | { readonly kind: 'awaited' }
  | { readonly kind: 'none' };

/** What a tile shows of somebody at `now`. */
export function pictureOf(line: OtherLine | undefined, now: number): PictureState {
  if (line === undefined || line.rung === 'high' || line.rung === 'standard') return { kind: 'video' };
  if (line.rung !== 'stills') return { kind: 'none' };
  if (line.still === null) return { kind: 'awaited' };
  const age_s = Math.max(0, Math.floor(now - line.still.at));
  return { kind: 'still', url: line.still.url, age_s, isOld: age_s > OLD_AFTER_S };
}
