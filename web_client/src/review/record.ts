/**
 * What of a call's record stands when (pure). Every moment is in milliseconds since the call began; what comes as wall
 * clock times is put on the same line.
 */
import type { CallRecord, ConsentPurpose } from '../api';

export interface Span {
  readonly from_ms: number;
  readonly to_ms: number;
}

/** One stretch of speech: what the timeline and the search know of a transcript line. */
export interface SaidSpan {
  readonly id: string;
  readonly identity: string;
  readonly name: string;
  readonly started_ms: number;
  readonly ended_ms: number;
  readonly text: string;
}

/** Silence longer than this is passed over; shorter is how people talk. */
const SILENCE_MS = 3_000;
const BEFORE_SPEECH_MS = 400;

export function momentOf(record: Pick<CallRecord, 'started_at'>, at: string): number {
  return Math.max(0, Date.parse(at) - Date.parse(record.started_at));
}

/** How long the call was; of one that goes on, until now. */
export function lengthOf(record: Pick<CallRecord, 'started_at' | 'ended_at'>, now: number): number {
  return Math.max(
    1_000,
    (record.ended_at ? Date.parse(record.ended_at) : now) - Date.parse(record.started_at),
  );
}

export interface ConsentSpan extends Span {
  readonly identity: string;
  readonly name: string;
  readonly purpose: ConsentPurpose;
  /** What was taken then is gone, because they wished it. */
  readonly isDeleted: boolean;
}

/** From when to when whose yes stood, for what. */
export function consentSpans(record: CallRecord, length_ms: number): readonly ConsentSpan[] {
  const found: ConsentSpan[] = [];
  const open = new Map<string, ConsentSpan>();
  for (const { identity, name, purpose, step, at } of record.consents) {
    const key = `${identity} ${purpose}`;
    const at_ms = momentOf(record, at);
    const span = open.get(key);
    if (step === 'given' && !span)
      open.set(key, { identity, name, purpose, from_ms: at_ms, to_ms: length_ms, isDeleted: false });
    if (step === 'withdrawn' && span) {
      found.push({ ...span, to_ms: Math.max(span.from_ms, Math.min(at_ms, length_ms)) });
      open.delete(key);
    }
    if (step === 'delete')
      for (const [index, each] of found.entries())
        if (each.identity === identity && each.purpose === purpose)
          found[index] = { ...each, isDeleted: true };
  }
  return [...found, ...open.values()].sort((one, other) => one.from_ms - other.from_ms);
}

export interface ShownStretch extends Span {
  readonly surface: string;
  readonly shown: CallRecord['shown'][number];
}

/** What stood before the call when; pages of one document one after the other are stretches of their own. */
export function shownStretches(record: CallRecord, length_ms: number): readonly ShownStretch[] {
  return record.shown.map((shown) => ({
    surface: shown.surface,
    shown,
    from_ms: momentOf(record, shown.started_at),
    to_ms: shown.ended_at ? momentOf(record, shown.ended_at) : length_ms,
  }));
}

/** The last of them that stands at this moment. */
export function standsAt<S extends Span>(spans: readonly S[], at_ms: number): S | undefined {
  return spans.findLast(({ from_ms, to_ms }) => from_ms <= at_ms && at_ms < to_ms);
}

/** The line that is said at this moment, else the last one before it. */
export function lineAt<L extends SaidSpan>(lines: readonly L[], at_ms: number): L | undefined {
  const begun = lines.filter(({ started_ms }) => started_ms <= at_ms);
  return begun.find(({ ended_ms }) => at_ms < ended_ms) ?? begun.at(-1);
}

/** Where to go on when nobody speaks for a while: a little before the next words; null where it is not worth a jump. */
export function overSilence(lines: readonly SaidSpan[], at_ms: number): number | null {
  if (lines.some(({ started_ms, ended_ms }) => started_ms - BEFORE_SPEECH_MS <= at_ms && at_ms < ended_ms))
    return null;
  const next = Math.min(...lines.map(({ started_ms }) => started_ms).filter((each) => each > at_ms));
  return Number.isFinite(next) && next - at_ms > SILENCE_MS ? next - BEFORE_SPEECH_MS : null;
}

/** Which lines hold the words that are looked for; none while nothing is. */
export function holding<L extends SaidSpan>(lines: readonly L[], words: string): readonly L[] {
  const wanted = words.trim().toLowerCase();
  return wanted === '' ? [] : lines.filter(({ text }) => text.toLowerCase().includes(wanted));
}

/** People in the order in which they spoke first. */
export function speakers(lines: readonly SaidSpan[]): readonly { identity: string; name: string }[] {
  const found = new Map(lines.map(({ identity, name }) => [identity, { identity, name }]));
  return [...found.values()];
}

/** Marks below a timeline: at round steps, as many as fit. */
export function ticks(length_ms: number, most: number): readonly number[] {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].map((seconds) => seconds * 1000);
  const step = steps.find((each) => length_ms / each <= most) ?? 7_200_000;
  return Array.from({ length: Math.floor(length_ms / step) + 1 }, (_, index) => index * step);
}
