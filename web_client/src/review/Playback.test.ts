import { expect, test } from 'vitest';
import { type PlayableTrack, spanAt } from './Playback';

const voice: PlayableTrack = {
  id: 'v',
  identity: 'S-1',
  kind: 'audio',
  start_ms: 0,
  end_ms: 600_000,
  key_frames_ms: [],
};
const picture: PlayableTrack = {
  ...voice,
  kind: 'video',
  start_ms: 5_000,
  end_ms: 200_000,
  key_frames_ms: [5_000, 25_000, 45_000, 65_000, 85_000, 185_000],
};

test('a voice comes in minutes', () => {
  expect(spanAt(voice, 59_999)).toEqual({ from_ms: 0, to_ms: 60_000 });
  expect(spanAt(voice, 60_000)).toEqual({ from_ms: 60_000, to_ms: 120_000 });
});

test('a picture comes from the first key frame of a minute to the first of a later one, without holes', () => {
  expect(spanAt(picture, 30_000)).toEqual({ from_ms: 5_000, to_ms: 65_000 });
  expect(spanAt(picture, 65_000)).toEqual({ from_ms: 65_000, to_ms: 185_000 });
  expect(spanAt(picture, 190_000)).toEqual({ from_ms: 185_000, to_ms: 200_000 });
});

test('a picture without a key frame is asked for as a whole', () => {
  expect(spanAt({ ...picture, key_frames_ms: [] }, 30_000)).toEqual({ from_ms: 5_000, to_ms: 200_000 });
});
