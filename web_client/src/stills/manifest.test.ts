import { expect, test } from 'vitest';
import { type Circumstances, EMPTY_BOARD, inJapan, manifestOf, type Shot, written } from './manifest';

const shot: Shot = {
  bytes: new Uint8Array(3),
  media_type: 'image/jpeg',
  width: 4032,
  height: 3024,
  way: 'photo',
  label: '背面カメラ',
  max_width: 4032,
  max_height: 3024,
};

const facts: Circumstances = {
  id: 'id',
  kind: 'still',
  takenAt: new Date('2026-11-23T15:30:00.5Z'),
  call: { id: 'c', number: 'R8-東土-0142' },
  case: null,
  by: { id: 's', name: '川上 拓也' },
  device: { key_sha256: 'k', label: 'Chrome' },
  of: 'S-s',
  position: { latitude: 35.23456784, longitude: -0.00000004, accuracy: 8.126 },
  heading: -0.5,
  board: { ...EMPTY_BOARD, measured: ' 0.4\u0000\n mm ' },
  consent: 'nobody',
};

test('units leave no fraction, and the time is Japan’s', () => {
  const said = manifestOf(shot, 'hash', facts);
  expect(said.place).toEqual({ latitude_e7: 352345678, longitude_e7: 0, accuracy_cm: 813 });
  expect(said.heading_cdeg).toBe(35_950);
  expect(said.taken_at).toBe('2026-11-24T00:30:00.500+09:00');
  expect(said.board.measured).toBe('0.4 mm');
  expect(said.picture).toMatchObject({ file: 'original.jpg', size_bytes: 3, sha256: 'hash' });
});

test('what is not known is said to be not known', () => {
  const said = manifestOf(shot, '', { ...facts, position: null, heading: null });
  expect([said.place, said.heading_cdeg, said.case]).toEqual([null, null, null]);
});

test('a full turn is north', () => {
  expect(manifestOf(shot, '', { ...facts, heading: 359.999 }).heading_cdeg).toBe(0);
});

test('text is composed and cut between characters', () => {
  expect(written('か\u3099')).toBe('が');
  expect([...written('𠮷'.repeat(300))]).toHaveLength(200);
  expect(inJapan(new Date(0))).toBe('1970-01-01T09:00:00.000+09:00');
});
