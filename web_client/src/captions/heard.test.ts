import { expect, test } from 'vitest';
import { after, nextChange, still } from './heard';

const said = (id: string, text: string, final = true) => ({ id, text, final });

test('what is being said is replaced by what was said for good', () => {
  const first = after([], 'S-1', said('a', 'はしの', false), 0);
  const then = after(first, 'S-1', said('a', '橋の下です'), 1000);

  expect(then.map(({ text, draft }) => [text, draft])).toEqual([['橋の下です', false]]);
});

test('two people are shown, the oldest sentence goes first', () => {
  const one = after([], 'S-1', said('a', '一'), 0);
  const two = after(one, 'G-1', said('b', '二'), 10);

  expect(after(two, 'S-1', said('c', '三'), 20).map(({ text }) => text)).toEqual(['二', '三']);
});

test('an empty final takes back what was only supposed', () => {
  const supposed = after([], 'S-1', said('a', 'はい', false), 0);

  expect(after(supposed, 'S-1', said('a', ''), 100)).toEqual([]);
});

test('sentences stay as long as they take to read', () => {
  const shown = after([], 'S-1', said('a', '短い'), 0);

  expect(still(shown, 7_000)).toBe(shown);
  expect(nextChange(shown)).toBe(7_180);
  expect(still(shown, 7_180)).toEqual([]);
});
