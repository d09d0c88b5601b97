import { describe, expect, test } from 'vitest';
import {
  addTraffic,
  amount,
  monthOf,
  NO_SAVER,
  parseCap,
  parseSaver,
  parseTraffic,
  saverState,
  usedShare,
} from './traffic';

const NOVEMBER = Date.parse('2026-11-26T03:00:00Z');
const MB = 1_000_000;

describe('the meter', () => {
  test('adds up per call and per month, over a reload', () => {
    const first = addTraffic(null, 'A', 3 * MB, NOVEMBER);
    const reloaded = parseTraffic(JSON.stringify(first));
    const second = addTraffic(reloaded, 'A', MB, NOVEMBER);
    const other = addTraffic(second, 'B', MB, NOVEMBER);

    expect(second).toMatchObject({ call_bytes: 4 * MB, month_bytes: 4 * MB });
    expect(other).toMatchObject({ call_id: 'B', call_bytes: MB, month_bytes: 5 * MB });
  });

  test('a month begins at midnight in Japan', () => {
    expect(monthOf(Date.parse('2026-11-30T14:59:59Z'))).toBe('2026-11');
    expect(monthOf(Date.parse('2026-11-30T15:00:00Z'))).toBe('2026-12');
    const before = addTraffic(null, 'A', MB, NOVEMBER);
    expect(addTraffic(before, 'A', MB, Date.parse('2026-12-02T00:00:00Z'))).toMatchObject({
      month_bytes: MB,
      call_bytes: 2 * MB,
    });
  });

  test.each([
    null,
    '',
    'x',
    '{}',
    '{"month":1}',
    '{"month":"2026-11","month_bytes":-1,"call_id":"A","call_bytes":0}',
  ])('what is not a record is none: %s', (stored) => {
    expect(parseTraffic(stored)).toBeNull();
    expect(parseSaver(stored)).toEqual(NO_SAVER);
  });

  test.each([
    [40_000, '0.0 MB'],
    [400_000, '0.4 MB'],
    [18_600_000, '19 MB'],
    [1_300_000_000, '1.3 GB'],
  ])('%i bytes are %s', (bytes, words) => expect(amount(bytes)).toBe(words));
});

describe('the saver', () => {
  test.each([
    [0, 500, 'off'],
    [100, 0, 'saving'],
    [100, 99, 'saving'],
    [100, 100, 'reached'],
  ])('a cap of %i MB with %i MB used: %s', (cap_mb, used, wanted) => {
    const traffic = addTraffic(null, 'A', used * MB, NOVEMBER);
    expect(saverState(traffic, { cap_mb, goesOnIn: '' })).toBe(wanted);
  });

  test('going on over the cap holds for this call only', () => {
    const saver = { cap_mb: 50, goesOnIn: 'A' };
    expect(saverState(addTraffic(null, 'A', 80 * MB, NOVEMBER), saver)).toBe('saving');
    expect(saverState(addTraffic(null, 'B', 80 * MB, NOVEMBER), saver)).toBe('reached');
  });

  test('without a cap there is no share of it', () => {
    expect(usedShare(addTraffic(null, 'A', MB, NOVEMBER), NO_SAVER)).toBeNull();
  });

  test.each([
    ['70', 70],
    ['１２０', 120],
    [' 5 ', 5],
    ['0', null],
    ['10001', null],
    ['1.5', null],
    ['-3', null],
    ['', null],
  ])('typed %s: %s', (typed, cap) => expect(parseCap(typed)).toBe(cap));
});
