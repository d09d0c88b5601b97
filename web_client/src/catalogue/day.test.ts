import { expect, test } from 'vitest';
import { dayOf } from './day';

test('a day is Japan’s and has its year', () => {
  expect(dayOf('2026-12-31T15:30:00Z', 'ja')).toBe('2027年1月1日');
  expect(dayOf('2026-12-31T14:30:00Z', 'ja-easy')).toBe('2026年12月31日');
  expect(dayOf('2026-11-27T03:00:00Z', 'en')).toBe('27 Nov 2026');
});
