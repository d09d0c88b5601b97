import { expect, test } from 'vitest';
import { dateOf, hoursOf, lasted, timeOf, timeWithSeconds } from './clock';

test('times and dates are Japan’s, whatever zone the device is in', () => {
  const evening_utc = '2026-11-23T20:07:05Z';

  expect(timeOf(evening_utc)).toBe('5:07');
  expect(timeWithSeconds(evening_utc)).toBe('5:07:05');
  expect(dateOf(evening_utc, 'ja')).toBe('11月24日（火）');
  expect(dateOf(evening_utc, 'en')).toMatch(/^Tue,? 24 Nov$/);
});

test('a duration counts minutes beyond the hour and never below zero', () => {
  expect(lasted('2026-11-23T20:00:00Z', '2026-11-23T21:02:05Z')).toBe('62:05');
  expect(lasted('2026-11-23T20:00:05Z', '2026-11-23T20:00:00Z')).toBe('0:00');
});

test.each([
  ['月-金 8:30-17:15', 'Mon-Fri 8:30-17:15'],
  ['月水金 9:00-15:00', 'Mon Wed Fri 9:00-15:00'],
])('working hours are read in both languages: %s', (ja, en) => {
  expect(hoursOf(ja, 'ja')).toBe(ja);
  expect(hoursOf(ja, 'en')).toBe(en);
});
