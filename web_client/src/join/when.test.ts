import { expect, test } from 'vitest';

import { dayAndTime, secondsLeftToday, timeOfDay } from './when';

test.each([
  ['2026-11-24T01:30:00Z', 'ja', '11月24日（火）10時30分'],
  ['2026-11-24T01:00:00Z', 'ja-easy', '11月24日（火）10時'],
  ['2026-11-24T15:05:00Z', 'ja', '11月25日（水）0時5分'],
  ['2026-11-24T01:30:00Z', 'en', '24 November, 10:30'],
  ['?', 'ja', ''],
])('%s in %s is %s', (iso, language, expected) => {
  expect(dayAndTime(iso, language)).toBe(expected);
});

test('the clock is the clock in Japan', () => {
  expect(timeOfDay('2026-11-24T04:05:00Z')).toBe('13:05');
});

test('today ends at midnight in Japan', () => {
  expect(secondsLeftToday(new Date('2026-11-24T14:59:00Z'))).toBe(60);
  expect(secondsLeftToday(new Date('2026-11-24T15:00:00Z'))).toBe(86_400);
});
