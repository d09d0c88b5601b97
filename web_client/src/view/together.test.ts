import { expect, test } from 'vitest';
import type { Shown } from '../api';
import { atVideo, followed, NOTHING_YET, presented, surfaceOf, turned, turnedByPresenter } from './together';

const shown = (serial: number, surface: string): Shown => ({
  surface,
  document: null,
  width: null,
  height: null,
  serial,
  audience: 'all',
  pages: 9,
  presenter: 'S-1',
  presenter_name: '早瀬 美咲',
  presenter_role: 'specialist',
  started_at: '2026-11-24T01:08:00Z',
});
const news = (serial: number, surface: string) => {
  const now = shown(serial, surface);
  return { shown: now, before: [now] };
};
const SHOWN = presented(NOTHING_YET, news(1, 'page:V:1'));

test('everybody follows the presenter until they turn a page themselves, and comes back when they want', () => {
  expect(surfaceOf(presented(SHOWN, news(2, 'page:V:2')))).toBe('page:V:2');

  const alone = turned(SHOWN, 'page:V:5');
  expect(surfaceOf(presented(alone, news(2, 'page:V:2')))).toBe('page:V:5');
  expect(surfaceOf(followed(presented(alone, news(2, 'page:V:2'))))).toBe('page:V:2');
});

test('at the pictures one stays there while pages turn, and is taken along by something new', () => {
  const away = atVideo(SHOWN);

  expect(surfaceOf(presented(away, news(2, 'page:V:2')))).toBeNull();
  expect(surfaceOf(presented(away, news(2, 'board:B:1')))).toBe('board:B:1');
});

test('older news changes nothing, in whatever order it comes', () => {
  const now = presented(SHOWN, news(3, 'page:V:3'));

  expect(surfaceOf(presented(now, news(2, 'page:V:2')))).toBe('page:V:3');
  const stopped = presented(now, { shown: null, before: [shown(3, 'page:V:3')] });
  expect(surfaceOf(stopped)).toBeNull();
  expect(surfaceOf(presented(stopped, news(3, 'page:V:3')))).toBeNull();
  expect(surfaceOf(presented(stopped, news(4, 'page:V:4')))).toBe('page:V:4');
});

test('nobody turns to a page of something that is not presented', () => {
  expect(turned(SHOWN, 'page:W:1')).toBe(SHOWN);
});

test('the presenter is followed before the server tells it, and nobody else is', () => {
  const ahead = turnedByPresenter(turnedByPresenter(SHOWN, 'S-1', 2), 'S-1', 3);

  expect(surfaceOf(ahead)).toBe('page:V:3');
  expect(surfaceOf(presented(ahead, news(2, 'page:V:2')))).toBe('page:V:3');
  expect(surfaceOf(presented(presented(ahead, news(3, 'page:V:3')), news(4, 'page:V:4')))).toBe('page:V:4');
  expect(turnedByPresenter(SHOWN, 'G-2', 2)).toBe(SHOWN);
  expect(turnedByPresenter(SHOWN, 'S-1', 10)).toBe(SHOWN);
});
