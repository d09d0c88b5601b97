import { expect, test } from 'vitest';
import { day } from './day';

test.each([
  ['2027-02-26', 'ja', '2027年2月26日（金）'],
  ['2027-02-26', 'en', 'Friday 26 February 2027'],
  ['2026-11-24T15:30:00Z', 'ja-easy', '2026年11月25日（水）'],
  ['nonsense', 'ja', ''],
])('%s in %s reads %s', (at, language, words) => {
  expect(day(at, language)).toBe(words);
});
