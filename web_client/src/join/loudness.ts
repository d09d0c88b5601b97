/** How full a microphone meter is (pure): samples to decibels to a bar that rises at once and falls slowly. */

const FLOOR_DB = -60;
const CEILING_DB = -12;

/** Root mean square of samples in −1..1. */
export function rootMeanSquare(samples: Float32Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}

/** Loudness as 0..1 of the meter: −60 dB is empty, −12 dB full, as speech near a telephone is about −25 dB. */
export function meterFill(rms: number): number {
  if (rms <= 0) return 0;
  const decibels = 20 * Math.log10(rms);
  return Math.min(1, Math.max(0, (decibels - FLOOR_DB) / (CEILING_DB - FLOOR_DB)));
}

/** The shown level after `elapsed_s`: rises at once, falls by 1.2 of the bar a second, so that a word stays visible. */
export function settle(shown: number, measured: number, elapsed_s: number): number {
  return Math.max(measured, shown - 1.2 * elapsed_s, 0);
}

/** From here on a voice was heard. */
export const HEARD_FILL = 0.35;
