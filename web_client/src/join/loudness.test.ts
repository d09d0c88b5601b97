import { expect, test } from 'vitest';

import { HEARD_FILL, meterFill, rootMeanSquare, settle } from './loudness';

test('silence is an empty bar', () => {
  expect(meterFill(rootMeanSquare(new Float32Array(128)))).toBe(0);
  expect(rootMeanSquare(new Float32Array(0))).toBe(0);
});

test.each([
  [1, 1],
  [0.25, 0.999],
  [0.056, 0.73],
  [0.001, 0],
])('rms %d fills %d', (rms, fill) => {
  expect(meterFill(rms)).toBeCloseTo(fill, 2);
});

test("a voice at arm's length counts as heard", () => {
  expect(meterFill(0.02)).toBeGreaterThan(HEARD_FILL);
});

test('the bar rises at once and falls slowly', () => {
  expect(settle(0.2, 0.9, 0.02)).toBe(0.9);
  expect(settle(0.9, 0, 0.5)).toBeCloseTo(0.3);
  expect(settle(0.1, 0, 5)).toBe(0);
});
