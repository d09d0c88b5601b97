import { expect, test } from 'vitest';
import type { MinutesSentence } from '../api';
import { inserted, moment, momentIn, replaced, written } from './minutes';

const sentence = (text: string, at_ms: number): MinutesSentence => ({
  part: 'talk',
  text,
  at_ms,
  speaker: '田中',
  origin: 'line',
  source: 'l',
  confirmed: false,
  redaction: null,
  withheld: false,
});

test('a second is written with its hour, and read back however it was typed', () => {
  expect(moment(751_900)).toBe('00:12:31');
  expect([momentIn('00:12:31'), momentIn('12:31'), momentIn('３１'), momentIn('１２：３１')]).toEqual([
    751_000, 751_000, 31_000, 751_000,
  ]);
  expect([momentIn(''), momentIn('12:99'), momentIn('昼')]).toEqual([null, null, null]);
});

test('a sentence of one’s own stands on the second of the one before, and is nobody else’s to confirm', () => {
  const before = sentence('橋の下です', 5_000);
  expect(written('talk', before)).toMatchObject({
    at_ms: 5_000,
    speaker: '田中',
    origin: 'hand',
    source: '',
  });
  expect(written('owed', undefined)).toMatchObject({ at_ms: 0, speaker: '', confirmed: true });
});

test('sentences are put right, taken out and added in their place', () => {
  const all = [sentence('一', 0), sentence('二', 1)];
  const texts = (found: readonly MinutesSentence[]) => found.map(({ text }) => text);
  expect(texts(replaced(all, 0, sentence('壱', 0)))).toEqual(['壱', '二']);
  expect(texts(replaced(all, 0, null))).toEqual(['二']);
  expect(texts(inserted(all, 0, sentence('間', 0)))).toEqual(['一', '間', '二']);
  expect(texts(inserted(all, -1, sentence('先', 0)))).toEqual(['先', '一', '二']);
});
