import { expect, test } from 'vitest';
import { persistent } from './connecting';

const waits = (random: () => number): readonly number[] => {
  const policy = persistent(random);
  const found: number[] = [];
  for (let elapsedMs = 0; ; elapsedMs += found.at(-1) ?? 0) {
    const wait = policy.nextRetryDelayInMs({ retryCount: found.length, elapsedMs });
    if (wait === null) return found;
    found.push(wait);
  }
};

test('tries at once, every 0.3 s while a server may be starting, then every second', () => {
  const all = waits(() => 0.5);
  expect(all.slice(0, 3)).toEqual([0, 300, 300]);
  expect(all.slice(16, 19)).toEqual([300, 1_000, 1_000]);
});

test('goes on for more than three minutes, with the longest luck and the shortest, never slower than 1.25 s', () => {
  for (const random of [() => 0, () => 1]) {
    const all = waits(random);
    expect(Math.max(...all)).toBeLessThanOrEqual(1_250);
    expect(all.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThanOrEqual(180_000);
  }
});

test('people who lost one server do not come back in one moment', () => {
  expect(waits(() => 0)[2]).not.toBe(waits(() => 1)[2]);
});

test('a wrong count of time does not end the call', () => {
  expect(persistent(() => 0).nextRetryDelayInMs({ retryCount: 1, elapsedMs: 1_795_711_298_050 })).toBe(225);
});
