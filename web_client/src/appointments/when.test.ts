import { expect, test } from 'vitest';
import { fromJapan, inJapan } from './when';

test('a moment is written in Japan’s time and read again, wherever the device thinks it is', () => {
  expect(inJapan('2026-11-24T15:30:00Z')).toEqual({ date: '2026-11-25', time: '00:30' });
  expect(Date.parse(fromJapan('2026-11-25', '00:30'))).toBe(Date.parse('2026-11-24T15:30:00Z'));
});
