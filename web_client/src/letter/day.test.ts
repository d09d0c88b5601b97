import { expect, test } from 'vitest';
import { day, recordDay } from './day';

test.each([
  ['2027-02-26', 'ja', '2027年2月26日（金）'],
  ['2027-02-26', 'en', 'Friday 26 February 2027'],
  ['2026-11-24T15:30:00Z', 'ja-easy', '2026年11月25日（水）'],
  ['nonsense', 'ja', ''],
])('%s in %s reads %s', (at, language, words) => {
  expect(day(at, language)).toBe(words);
});

test.each([
  ['2026-11-24', 'ja', {}, '令和8年11月24日'],
  ['2026-11-24', 'en', {}, '24 November 2026'],
  ['2026-11-24T15:30:00Z', 'ja', { weekday: 'short' }, '令和8年11月25日(水)'],
  ['nonsense', 'ja', {}, 'nonsense'],
] as const)('a record of %s in %s reads %s', (at, language, more, words) => {
  expect(recordDay(at, language, more)).toBe(words);
});
