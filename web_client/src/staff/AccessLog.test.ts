import { expect, test } from 'vitest';
import type { AccessLogRow } from '../api';
import { isChained } from './AccessLog';

function row(seq: number, hash: string, prev_hash: string): AccessLogRow {
  return {
    seq,
    hash,
    prev_hash,
    at: '',
    actor: '',
    address: '',
    action: '',
    object: '',
    result: 'ok',
    reason: '',
    detail: '',
  };
}

test.each([
  ['nothing', [], true],
  ['one row', [row(9, 'c', 'b')], true],
  ['linked rows', [row(9, 'c', 'b'), row(8, 'b', 'a')], true],
  ['a changed row', [row(9, 'c', 'b'), row(8, 'x', 'a')], false],
  ['a missing row', [row(9, 'c', 'b'), row(7, 'b', 'a')], false],
])('%s', (_, rows, chained) => {
  expect(isChained(rows)).toBe(chained);
});
