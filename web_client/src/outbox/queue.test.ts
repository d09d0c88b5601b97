import { describe, expect, test } from 'vitest';
import {
  FIRST_PIECE_BYTES,
  inOrder,
  nextPiece,
  type Reaction,
  type Refusal,
  reactTo,
  sizeWords,
  type Waiting,
  waitAfter,
} from './queue';

const note = (id: string, size_bytes: number, recorded_at: string): Waiting => ({
  id,
  account: 'S-1',
  call_id: 'C',
  kind: 'voice',
  size_bytes,
  sha256: '',
  duration_ms: 0,
  recorded_at,
});

test('small ones go first, equals in the order of recording, and the list itself is left alone', () => {
  const items = [note('a', 900, '14:29'), note('b', 20, '14:31'), note('c', 20, '14:18')];
  expect(inOrder(items).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  expect(items.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});

describe('pieces', () => {
  test.each([
    [8_000, 0.2, 16_000],
    [8_000, 3, 8_000],
    [8_000, 9, 4_000],
    [128_000, 0.1, 128_000],
    [2_000, 30, 2_000],
  ])('%i bytes in %f s: then %i', (bytes, took_s, wanted) => expect(nextPiece(bytes, took_s)).toBe(wanted));

  test('a good line soon carries large ones, a bad one never smaller than 2 kB', () => {
    let piece = FIRST_PIECE_BYTES;
    for (let round = 0; round < 10; round += 1) piece = nextPiece(piece, 0.1);
    expect(piece).toBe(128_000);
    for (let round = 0; round < 20; round += 1) piece = nextPiece(piece, 60);
    expect(piece).toBe(2_000);
  });
});

describe('what a refusal means', () => {
  test.each<[Refusal, Reaction]>([
    [{ key: 'network.unreachable', status: 0, offset: undefined }, { do: 'wait' }],
    [{ key: 'network.timeout', status: 0, offset: undefined }, { do: 'wait' }],
    [{ key: 'server.busy', status: 503, offset: undefined }, { do: 'wait' }],
    [{ key: 'rate_limited', status: 429, offset: undefined }, { do: 'wait' }],
    [{ key: 'signed_out', status: 401, offset: undefined }, { do: 'wait' }],
    [{ key: 'csrf', status: 403, offset: undefined }, { do: 'wait' }],
    [
      { key: 'arrival.elsewhere', status: 409, offset: 4_000 },
      { do: 'from', offset: 4_000 },
    ],
    [{ key: 'arrival.damaged', status: 409, offset: undefined }, { do: 'anew' }],
    [
      { key: 'note.full', status: 409, offset: undefined },
      { do: 'keep', key: 'note.full' },
    ],
    [
      { key: 'call.closed', status: 409, offset: undefined },
      { do: 'keep', key: 'call.closed' },
    ],
    [
      { key: 'call.unknown', status: 404, offset: undefined },
      { do: 'keep', key: 'call.unknown' },
    ],
  ])('%o', (refusal, wanted) => expect(reactTo(refusal)).toEqual(wanted));

  test('patience grows to half a minute', () => {
    expect([0, 1, 2, 3, 4, 9].map(waitAfter)).toEqual([2, 4, 8, 16, 30, 30]);
  });
});

test.each([
  [12, '1 KB'],
  [2_100, '2 KB'],
  [400_000, '0.4 MB'],
])('%i bytes are %s', (bytes, words) => expect(sizeWords(bytes)).toBe(words));
