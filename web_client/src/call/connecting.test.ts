import { expect, test } from 'vitest';
import { persistent } from './connecting';

test('tries again at most every second and a half, for at least two minutes, with the longest luck and the shortest', () => {
  for (const random of [() => 0, () => 1]) {
    const policy = persistent(random);
    let elapsedMs = 0;
    for (let retryCount = 0; ; retryCount += 1) {
      const wait = policy.nextRetryDelayInMs({ retryCount, elapsedMs });
      if (wait === null) break;
      expect(wait).toBeLessThanOrEqual(1_500);
      elapsedMs += wait;
    }
    expect(elapsedMs).toBeGreaterThanOrEqual(120_000);
  }
});

test('a wrong count of time does not end the call', () => {
  expect(persistent(() => 0).nextRetryDelayInMs({ retryCount: 0, elapsedMs: 1_795_711_298_050 })).toBe(150);
});
