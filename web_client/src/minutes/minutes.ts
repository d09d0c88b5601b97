/** Minutes as they are being written: what stands where, and how a second of the call is written (pure). */
import type { Minutes, MinutesSentence } from '../api';

export const PARTS = ['talk', 'decided', 'owed'] as const;
export type Part = MinutesSentence['part'];

/** What of minutes is written by people. */
export interface Form {
  readonly subject: string;
  readonly held: string;
  readonly place: string;
  readonly attendees: string;
  readonly sentences: readonly MinutesSentence[];
}

export function formOf({ subject, held, place, attendees, sentences }: Minutes): Form {
  return { subject, held, place, attendees, sentences };
}

/** 00:12:31 */
export function moment(at_ms: number): string {
  const seconds = Math.floor(Math.max(0, at_ms) / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Milliseconds of 00:12:31, 12:31 or 31; null for anything else. Japanese keyboards' digits and colons are as good. */
export function momentIn(written: string): number | null {
  const plain = written.normalize('NFKC').trim();
  if (!/^\d{1,3}(:[0-5]?\d){0,2}$/.test(plain)) return null;
  return plain.split(':').reduce((sum, each) => sum * 60 + Number(each), 0) * 1000;
}

/** A sentence of one's own after another one, on the same second until told otherwise; first in its part where there is none. */
export function written(part: Part, after: MinutesSentence | undefined): MinutesSentence {
  const { at_ms, speaker } = after ?? { at_ms: 0, speaker: '' };
  return {
    part,
    text: '',
    at_ms,
    speaker,
    origin: 'hand',
    source: '',
    confirmed: true,
    redaction: null,
    withheld: false,
  };
}

/** The sentences with `next` at `place` instead of what stood there; without it, without that one. */
export function replaced(
  sentences: readonly MinutesSentence[],
  place: number,
  next: MinutesSentence | null,
): readonly MinutesSentence[] {
  return [...sentences.slice(0, place), ...(next ? [next] : []), ...sentences.slice(place + 1)];
}

/** The sentences with one more, after the one at `place`; -1 puts it first. */
export function inserted(
  sentences: readonly MinutesSentence[],
  place: number,
  next: MinutesSentence,
): readonly MinutesSentence[] {
  return [...sentences.slice(0, place + 1), next, ...sentences.slice(place + 1)];
}
