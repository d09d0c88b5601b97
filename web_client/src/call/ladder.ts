/**
 * The order of giving up (pure): high quality, fewer frames, sharp stills, voice only, record and send later. Fed once a
 * second with what the peer connections report; answers which rung is right, why, and when a better one is tried.
 *
 * Down is fast: two bad seconds. Up is a trial: nothing measured while little is sent can prove that more would pass, so
 * after some good seconds the next rung is tried, and a trial that fails soon doubles the patience before the next one.
 * A person's choice goes before all of it, except that nothing can be sent over a line that is not there.
 */

import type { Signal } from './members';

export const RUNGS = ['high', 'standard', 'stills', 'voice', 'record'] as const;
export type Rung = (typeof RUNGS)[number];

/** Rungs a person can choose; recording is not a choice, it is what is left. */
export type Chosen = Exclude<Rung, 'record'>;

/** Message key of why the rung is not the best one; `none` on the best one. */
export type Reason = 'none' | 'weak' | 'cap' | 'saving' | 'cut' | 'manual';

/** What is known of the line in this second. Null is "the browser does not say" or "nothing is sent". */
export interface LineSample {
  /** What the congestion control believes may be sent in all, bits per second. */
  readonly available_bps: number | null;
  readonly roundTrip_ms: number | null;
  /** Share of our packets that did not arrive, 0 to 1. */
  readonly loss: number | null;
  /** Seconds since the server last acknowledged packets of ours. */
  readonly unheard_s: number | null;
  /** What the server says of our line. */
  readonly quality: Signal;
  readonly isSignalling: boolean;
  readonly isOnline: boolean;
  readonly saver: SaverState;
}

/** off; on and below the cap; on and the cap is reached. */
export type SaverState = 'off' | 'saving' | 'reached';

export interface Ladder {
  readonly rung: Rung;
  readonly reason: Reason;
  /** When the rung or its reason last changed, in the seconds `step` is given. */
  readonly since: number;
  readonly pinned: Chosen | null;
  /** When the next better rung is tried if nothing bad happens; null when nothing is waited for. */
  readonly climbsAt: number | null;
  /** The rung of the line itself, whatever a person or the data saver want. */
  readonly carried: Rung;
  readonly memory: Memory;
}

interface Memory {
  readonly badSince: number | null;
  readonly goodSince: number | null;
  readonly climbedAt: number | null;
  /** The estimate at that moment: one that falls since then is believed at once. */
  readonly climbedFrom_bps: number | null;
  readonly fellAt: number | null;
  readonly patience_s: number;
  readonly unsignalledSince: number | null;
  /** The shortest round trip seen: what is above it is queue, so a satellite is not a bad line. */
  readonly floor_ms: number | null;
}

/** A line must be bad for so long before a rung is given up; with samples each second that is under 3 s. */
export const FALL_AFTER_S = 2;
/** Good for so long before the next rung is tried: three rungs up fit into 10 s. */
export const FIRST_PATIENCE_S = 3;
/** After a cut nothing speaks against the line that came back, and finding it again took its time already. */
export const CUT_PATIENCE_S = 2;
export const MAX_PATIENCE_S = 60;
/** Readings come each second, not to the millisecond: one that is a little early must not cost another second. */
const EARLY_S = 0.3;
/** A rung lost this soon after it was gained was gained too early. */
const TRIAL_S = 30;
/** The estimate needs so long to rise after more is sent; before, a low one proves nothing. */
const GRACE_S = 6;
/** In a trial more queue or loss than this is the answer already; an estimate that fell by so much as well. */
const TRIAL_QUEUE_MS = 200;
const TRIAL_LOSS = 0.1;
const TRIAL_SHARE = 0.85;
/** After so long without a fall old failures are forgotten. */
const FORGIVEN_AFTER_S = 90;
/** Without signalling or without any acknowledgement for so long nobody hears us. */
const CUT_AFTER_S = 8;

/** What a line must carry to stay on a rung: below is bad. Audio alone takes about 40 kbps with its headers. */
const STAYS: Readonly<Record<'high' | 'standard' | 'stills', number>> = {
  high: 350_000,
  standard: 100_000,
  stills: 36_000,
};
/**
 * Where the next rung is tried from. After a collapse the estimate grows slowly while only a voice is sent, so little is
 * asked: a still takes no more than the estimate leaves, and video starts at the estimate and raises it.
 */
const TRIED_FROM: Readonly<Record<Rung, number>> = {
  record: 0,
  voice: 25_000,
  stills: 0,
  standard: 150_000,
  high: 0,
};

export const FIRST_LADDER: Ladder = {
  rung: 'high',
  reason: 'none',
  since: 0,
  pinned: null,
  climbsAt: null,
  carried: 'high',
  memory: {
    badSince: null,
    goodSince: null,
    climbedAt: null,
    climbedFrom_bps: null,
    fellAt: null,
    patience_s: FIRST_PATIENCE_S,
    unsignalledSince: null,
    floor_ms: null,
  },
};

const place = (rung: Rung): number => RUNGS.indexOf(rung);
const worse = (one: Rung, other: Rung): Rung => (place(one) > place(other) ? one : other);

/** The best rung the measured line carries; `isTrial` leaves out the estimate, which has not had time to rise. */
function carriedBy(sample: LineSample, queue_ms: number, isTrial: boolean): Rung {
  const { available_bps, loss } = sample;
  let rung: Rung = 'high';
  if (available_bps !== null && !isTrial) {
    if (available_bps < STAYS.stills) rung = 'voice';
    else if (available_bps < STAYS.standard) rung = 'stills';
    else if (available_bps < STAYS.high) rung = 'standard';
  }
  if (loss !== null) {
    if (loss > 0.45) rung = worse(rung, 'voice');
    else if (loss > 0.25) rung = worse(rung, 'stills');
    else if (loss > 0.12) rung = worse(rung, 'standard');
  }
  if (queue_ms > 1_200) rung = worse(rung, 'voice');
  else if (queue_ms > 700) rung = worse(rung, 'stills');
  else if (queue_ms > 350) rung = worse(rung, 'standard');
  if (sample.quality === 'lost') rung = worse(rung, 'stills');
  return rung;
}

function isCut(sample: LineSample, unsignalledSince: number | null, now: number): boolean {
  if (!sample.isOnline) return true;
  if (unsignalledSince !== null && now - unsignalledSince >= CUT_AFTER_S) return true;
  return sample.unheard_s !== null && sample.unheard_s >= CUT_AFTER_S;
}

/** True when the next better rung than `from` may be tried. */
function mayTry(from: Rung, sample: LineSample, queue_ms: number): boolean {
  const { available_bps, loss, unheard_s } = sample;
  if ((loss ?? 0) > 0.08 || queue_ms > 250 || (unheard_s ?? 0) > 3 || !sample.isSignalling) return false;
  return available_bps === null || available_bps >= TRIED_FROM[from];
}

function failsTrial({ loss }: LineSample, queue_ms: number): boolean {
  return queue_ms > TRIAL_QUEUE_MS || (loss ?? 0) > TRIAL_LOSS;
}

/** The rung a failed trial goes back to; voice is the last one that is tried. */
function below(carried: Rung): Rung {
  return RUNGS[Math.min(place('voice'), place(carried) + 1)] ?? 'voice';
}

function climbed(carried: Rung): Rung {
  return RUNGS[Math.max(0, place(carried) - 1)] ?? 'high';
}

interface Moved {
  readonly carried: Rung;
  readonly memory: Memory;
}

function fall(to: Rung, { memory }: Moved, now: number): Moved {
  const soon = memory.climbedAt !== null && now - memory.climbedAt < TRIAL_S;
  const patience_s = soon ? Math.min(MAX_PATIENCE_S, memory.patience_s * 2) : memory.patience_s;
  return {
    carried: to,
    memory: { ...memory, badSince: null, goodSince: null, climbedAt: null, fellAt: now, patience_s },
  };
}

/** The line's own rung after this second. */
function follow(before: Moved, sample: LineSample, best: Rung, now: number): Moved {
  const { carried } = before;
  const floor_ms =
    sample.roundTrip_ms === null
      ? before.memory.floor_ms
      : Math.min(before.memory.floor_ms ?? sample.roundTrip_ms, sample.roundTrip_ms);
  const unsignalledSince = sample.isSignalling ? null : (before.memory.unsignalledSince ?? now);
  let memory: Memory = { ...before.memory, floor_ms, unsignalledSince };
  if (isCut(sample, unsignalledSince, now)) {
    // Another line may come back than the one that went: what is remembered of the old one is forgotten.
    return {
      carried: 'record',
      memory: { ...FIRST_LADDER.memory, patience_s: CUT_PATIENCE_S, unsignalledSince, fellAt: now },
    };
  }
  if (carried === 'record') {
    if (!sample.isSignalling) return { carried, memory };
    return { carried: 'voice', memory: { ...memory, goodSince: now, climbedAt: null } };
  }
  const { fellAt, climbedAt } = memory;
  if (now - Math.max(fellAt ?? 0, climbedAt ?? 0) > FORGIVEN_AFTER_S) {
    memory = { ...memory, patience_s: FIRST_PATIENCE_S };
  }
  const queue_ms = (sample.roundTrip_ms ?? 0) - (floor_ms ?? 0);
  const isTrial = climbedAt !== null && now - climbedAt < GRACE_S;
  if (isTrial && failsTrial(sample, queue_ms)) return fall(below(carried), { carried, memory }, now);
  const isSinking =
    sample.available_bps !== null &&
    memory.climbedFrom_bps !== null &&
    sample.available_bps < memory.climbedFrom_bps * TRIAL_SHARE;
  const target = carriedBy(sample, queue_ms, isTrial && !isSinking);
  if (place(target) > place(carried)) {
    const badSince = memory.badSince ?? now;
    if (now - badSince >= FALL_AFTER_S - 1 - EARLY_S) return fall(target, { carried, memory }, now);
    return { carried, memory: { ...memory, badSince, goodSince: null } };
  }
  memory = { ...memory, badSince: null };
  if (place(carried) <= place(best) || !mayTry(carried, sample, queue_ms)) {
    return { carried, memory: { ...memory, goodSince: null } };
  }
  const goodSince = memory.goodSince ?? now;
  if (now - goodSince < memory.patience_s - EARLY_S) return { carried, memory: { ...memory, goodSince } };
  return {
    carried: climbed(carried),
    memory: { ...memory, goodSince: now, climbedAt: now, climbedFrom_bps: sample.available_bps },
  };
}

const SAVED: Readonly<Record<SaverState, Rung>> = { off: 'high', saving: 'standard', reached: 'voice' };

/** What is shown and sent, of what the line carries, the saver allows and a person chose. */
function decide(ladder: Ladder, moved: Moved, saver: SaverState, now: number): Ladder {
  const { carried, memory } = moved;
  const allowed = SAVED[saver];
  let rung = worse(carried, allowed);
  let reason: Reason = rung === 'high' ? 'none' : 'weak';
  if (carried === 'record') reason = 'cut';
  else if (ladder.pinned !== null) [rung, reason] = [ladder.pinned, 'manual'];
  else if (place(allowed) >= place(carried) && allowed !== 'high')
    reason = saver === 'reached' ? 'cap' : 'saving';
  const climbsAt =
    ladder.pinned === null && memory.goodSince !== null && reason === 'weak'
      ? memory.goodSince + memory.patience_s
      : null;
  const since = rung === ladder.rung && reason === ladder.reason ? ladder.since : now;
  return { rung, reason, since, pinned: ladder.pinned, climbsAt, carried, memory };
}

/** The ladder after another second; `now` in seconds of a steady clock. */
export function step(ladder: Ladder, sample: LineSample, now: number): Ladder {
  const before: Moved = { carried: ladder.carried, memory: ladder.memory };
  // While a person holds a rung, what is measured says nothing of any other: only the cut line counts.
  const moved =
    ladder.pinned === null || ladder.carried === 'record'
      ? follow(before, sample, SAVED[sample.saver], now)
      : held(before, sample, now);
  return decide(ladder, moved, sample.saver, now);
}

function held(before: Moved, sample: LineSample, now: number): Moved {
  const unsignalledSince = sample.isSignalling ? null : (before.memory.unsignalledSince ?? now);
  const memory: Memory = { ...before.memory, unsignalledSince, badSince: null, goodSince: null };
  return { carried: isCut(sample, unsignalledSince, now) ? 'record' : before.carried, memory };
}

/** A person holds a rung, or gives it back to the line with null. */
export function pin(ladder: Ladder, chosen: Chosen | null, now: number): Ladder {
  const { carried, memory } = ladder;
  const from: Rung = carried === 'record' ? carried : (ladder.pinned ?? carried);
  // Back to automatic, the line is judged from where it is, not from what it was before.
  const moved: Moved = { carried: chosen === null ? from : carried, memory: { ...memory, goodSince: null } };
  return decide({ ...ladder, pinned: chosen }, moved, 'off', now);
}
