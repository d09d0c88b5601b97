/**
 * How large a still may be and how fast it leaves (pure). A still goes over the data channel beside the voice, so it takes
 * at most 60 % of what is left after audio; what it takes decides how often there is one, between 3 and 10 seconds.
 */

export interface StillPlan {
  readonly rate_bps: number;
  readonly limit_bytes: number;
  readonly every_s: number;
}

/** Small, so that between two pieces there is always room for a voice. */
export const PIECE_BYTES = 1_000;
/** Framing of data packet, SCTP, DTLS, UDP and IP per piece. */
const PIECE_WIRE_BYTES = PIECE_BYTES + 150;
const SHARE = 0.6;
const SLOWEST_BPS = 8_000;
/** Where a browser estimates nothing: what a weak line still carries. */
const UNKNOWN_BPS = 40_000;
/** More would not make the picture better, only the bill. */
const FASTEST_BPS = 160_000;
export const SMALLEST_BYTES = 25_000;
export const LARGEST_BYTES = 60_000;
export const SHORTEST_S = 3;
export const LONGEST_S = 10;

export function planStill(available_bps: number | null, audio_bps: number): StillPlan {
  const free = available_bps === null ? UNKNOWN_BPS : Math.max(0, available_bps - audio_bps) * SHARE;
  const rate_bps = Math.min(FASTEST_BPS, Math.max(SLOWEST_BPS, free));
  const payload = (rate_bps / 8) * (PIECE_BYTES / PIECE_WIRE_BYTES);
  const limit_bytes = Math.round(
    Math.min(LARGEST_BYTES, Math.max(SMALLEST_BYTES, payload * LONGEST_S * 0.9)),
  );
  const every_s = Math.min(LONGEST_S, Math.max(SHORTEST_S, Math.ceil(limit_bytes / payload)));
  return { rate_bps, limit_bytes, every_s };
}

/** Milliseconds between the starts of two pieces. */
export function pieceGap_ms(rate_bps: number): number {
  return (PIECE_WIRE_BYTES * 8 * 1000) / rate_bps;
}
