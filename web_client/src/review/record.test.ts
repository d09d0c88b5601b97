import { expect, test } from 'vitest';
import type { CallRecord } from '../api';
import {
  consentSpans,
  holding,
  lengthOf,
  lineAt,
  overSilence,
  shownStretches,
  standsAt,
  ticks,
} from './record';

const at = (minute: number, second = 0) => new Date(Date.UTC(2026, 10, 24, 1, minute, second)).toISOString();

type Step = CallRecord['consents'][number]['step'];

function record(steps: [Step, number][], shown: CallRecord['shown'] = []): CallRecord {
  return {
    call_id: 'c',
    number: 'R8-0001',
    title: '',
    place: '',
    host_name: '早瀬 美咲',
    started_at: at(0),
    ended_at: at(20),
    shown,
    cards: [],
    consents: steps.map(([step, minute]) => ({
      identity: 'G-1',
      name: '田中',
      purpose: 'recording',
      step,
      by_name: null,
      text_version: '1',
      at: at(minute),
    })),
  };
}

const LENGTH_MS = 20 * 60_000;

test('a yes stands until it is taken back, and again from the next yes', () => {
  const spans = consentSpans(
    record([
      ['asked', 1],
      ['given', 2],
      ['withdrawn', 5],
      ['given', 10],
    ]),
    LENGTH_MS,
  );
  expect(spans.map(({ from_ms, to_ms }) => [from_ms / 60_000, to_ms / 60_000])).toEqual([
    [2, 5],
    [10, 20],
  ]);
});

test('a wish to delete is said of what stood before it, and of nothing after', () => {
  const spans = consentSpans(
    record([
      ['given', 2],
      ['withdrawn', 5],
      ['delete', 6],
      ['given', 10],
    ]),
    LENGTH_MS,
  );
  expect(spans.map(({ isDeleted }) => isDeleted)).toEqual([true, false]);
});

test('a yes taken back after the call stood until its end', () => {
  const [span] = consentSpans(
    record([
      ['given', 2],
      ['withdrawn', 30],
    ]),
    LENGTH_MS,
  );
  expect(span?.to_ms).toBe(LENGTH_MS);
});

test('what is shown stands until the next or the end', () => {
  const page = (surface: string, from: number, to: number | null) =>
    ({ surface, started_at: at(from), ended_at: to === null ? null : at(to) }) as CallRecord['shown'][number];
  const spans = shownStretches(record([], [page('a', 1, 2), page('b', 2, null)]), LENGTH_MS);
  expect(standsAt(spans, 90_000)?.surface).toBe('a');
  expect(standsAt(spans, 120_000)?.surface).toBe('b');
  expect(standsAt(spans, 30_000)).toBeUndefined();
});

const line = (id: string, started_ms: number, ended_ms: number, text = '') => ({
  id,
  identity: 'S-1',
  name: '',
  started_ms,
  ended_ms,
  text,
});

test('the line of a moment is the one being said, else the last one said', () => {
  const lines = [line('a', 1000, 2000), line('b', 5000, 6000)];
  expect(lineAt(lines, 500)).toBeUndefined();
  expect(lineAt(lines, 3000)?.id).toBe('a');
  expect(lineAt(lines, 5500)?.id).toBe('b');
});

test('long silence is passed over, short silence and speech are not', () => {
  const lines = [line('a', 1000, 2000), line('b', 9000, 9500)];
  expect(overSilence(lines, 2500)).toBe(8600);
  expect(overSilence(lines, 1500)).toBeNull();
  expect(overSilence(lines, 7000)).toBeNull();
  expect(overSilence(lines, 9600)).toBeNull();
});

test('lines are found by their words, and all of them by none', () => {
  const lines = [line('a', 0, 1, 'いちばん太い所で0.4ミリです'), line('b', 1, 2, '0.2を超えています')];
  expect(holding(lines, '0.4').map(({ id }) => id)).toEqual(['a']);
  expect(holding(lines, ' ')).toEqual([]);
});

test('a timeline has round marks, as many as fit', () => {
  expect(ticks(LENGTH_MS, 6).map((each) => each / 60_000)).toEqual([0, 5, 10, 15, 20]);
  expect(lengthOf({ started_at: at(0), ended_at: null }, Date.parse(at(3)))).toBe(180_000);
});
