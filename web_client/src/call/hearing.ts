/**
 * Whether what the microphone hears may leave the device (pure). When signalling has been lost for a second nobody can be
 * told what happens in the room, and nobody knows whether somebody listens: the microphone is closed here, without asking
 * the server. It opens by itself only when the session is back and the server has acknowledged audio after that, or when
 * the person says so.
 */

export type Hearing =
  | { readonly at: 'open'; readonly lostSince: number | null }
  | { readonly at: 'held'; readonly since: number; readonly backAt: number | null }
  /** The person speaks on, without knowing whether anybody hears. */
  | { readonly at: 'overridden' };

export const HEARD: Hearing = { at: 'open', lostSince: null };

/** Signalling may be gone for so long: a change of cell is usually over by then. */
export const HOLD_AFTER_S = 1;
/** Where a browser reports no acknowledgements, a session that is back for so long has to do. */
const TRUST_AFTER_S = 5;

export interface HearingFacts {
  readonly isSignalling: boolean;
  /** The person wants to be heard: a microphone that is off anyway is not held. */
  readonly isMicrophoneOn: boolean;
  /** When the server last acknowledged audio; null when the browser never said. */
  readonly audioHeardAt: number | null;
}

/** The state at `now`, in seconds of a steady clock. */
export function listen(hearing: Hearing, facts: HearingFacts, now: number): Hearing {
  const { isSignalling, isMicrophoneOn, audioHeardAt } = facts;
  if (!isMicrophoneOn) return HEARD;
  switch (hearing.at) {
    case 'open': {
      if (isSignalling) return hearing.lostSince === null ? hearing : HEARD;
      const lostSince = hearing.lostSince ?? now;
      if (now - lostSince >= HOLD_AFTER_S) return { at: 'held', since: lostSince, backAt: null };
      return hearing.lostSince === null ? { at: 'open', lostSince } : hearing;
    }
    case 'held': {
      if (!isSignalling) return hearing.backAt === null ? hearing : { ...hearing, backAt: null };
      const backAt = hearing.backAt ?? now;
      const isHeard = audioHeardAt === null ? now - backAt >= TRUST_AFTER_S : audioHeardAt > backAt;
      if (isHeard) return HEARD;
      return hearing.backAt === null ? { ...hearing, backAt } : hearing;
    }
    case 'overridden':
      return isSignalling ? HEARD : hearing;
  }
}

/** 「このまま話す」. */
export function speakOn(hearing: Hearing): Hearing {
  return hearing.at === 'held' ? { at: 'overridden' } : hearing;
}
