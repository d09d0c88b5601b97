import { expect, test } from 'vitest';
import { newMarkId } from './marks';
import { readPacket, surfaceHash, writeInk, writePointer, writeTurn } from './wire';

const SURFACE = surfaceHash('board:01ARZ3NDEKTSV4RRFFQ69G5FAV:1');
const INK = {
  surface: SURFACE,
  id: newMarkId(),
  tool: 'pen',
  colour: 'blue',
  width: 40,
  points: [0, 0, 10_000, 10_000, 3, 9_999],
} as const;

test('a pointer is nine bytes and reads as it was written', () => {
  const packet = writePointer(SURFACE, [4200, 10_000]);

  expect(packet).toHaveLength(9);
  expect(readPacket(packet)).toEqual({ kind: 'pointer', surface: SURFACE, at: [4200, 10_000] });
  expect(readPacket(writePointer(SURFACE, null))).toEqual({ kind: 'pointer', surface: SURFACE, at: null });
});

test('a line on its way reads as it was written, and a long one still fits one packet', () => {
  expect(readPacket(writeInk(INK))).toEqual({ kind: 'ink', ...INK });

  const scribble = Array.from({ length: 4000 }, (_, at) => (at * 7919) % 10_001);
  const packet = writeInk({ ...INK, points: scribble });
  expect(packet.length).toBeLessThan(1_100);
  expect(readPacket(packet)?.kind).toBe('ink');
});

test('a turn says what of and to which page', () => {
  expect(readPacket(writeTurn(SURFACE, 30))).toEqual({ kind: 'turn', surface: SURFACE, page: 30 });
});

test('hostile bytes read as nothing', () => {
  const good = writeInk(INK);
  const broken = (at: number, value: number) => {
    const bytes = good.slice();
    bytes[at] = value;
    return bytes;
  };
  for (const bytes of [
    new Uint8Array(),
    Uint8Array.of(1),
    Uint8Array.of(9, 9, 9, 9, 9, 9, 9, 9, 9),
    writePointer(SURFACE, [10_001, 0]),
    good.subarray(0, good.length - 1),
    good.subarray(0, 18),
    broken(14, 6), // text has no line
    broken(14, 200),
    broken(15, 6),
    broken(16, 0xff),
    broken(18, 0xff),
    broken(14, 2), // a line of three points
  ])
    expect(readPacket(bytes)).toBeNull();
});

test('a reader never breaks, whatever comes', () => {
  let state = 7;
  for (let round = 0; round < 2000; round += 1) {
    const bytes = Uint8Array.from({ length: round % 64 }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    });
    expect(() => readPacket(bytes)).not.toThrow();
  }
});
