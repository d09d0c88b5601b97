import { describe, expect, test } from 'vitest';

import { advanceLine, clock, type Line, type LineEvent, type LineFacts, lineWords } from './line';

const START: Line = { at: 'connecting', since: 0 };

const outcome = (...events: readonly (readonly [LineEvent, number])[]): Line =>
  events.reduce<Line>((line, [event, now]) => advanceLine(line, event, now), START);

const say = (line: Line, now: number, facts: Partial<LineFacts> = {}) =>
  lineWords({ line, now, othersPresent: true, sendsVideo: true, receivesVideo: true, ...facts });

describe('the line in words', () => {
  test('connecting admits when it takes long', () => {
    expect(say(START, 1).key).toBe('connecting');
    expect(say(START, 9).key).toBe('slow');
  });

  test('good is not read out, weak is', () => {
    const open = outcome([{ type: 'connected' }, 1]);

    expect(say(open, 2)).toMatchObject({ key: 'good', urgency: 'off' });
    expect(say(advanceLine(open, { type: 'signal', signal: 'weak' }, 3), 3)).toMatchObject({
      key: 'weak',
      urgency: 'polite',
    });
    expect(say(advanceLine(open, { type: 'signal', signal: 'lost' }, 3), 3).key).toBe('faint');
  });

  test('voices without pictures are called that', () => {
    const open = outcome([{ type: 'connected' }, 1]);

    expect(say(open, 2, { sendsVideo: false, receivesVideo: false }).key).toBe('good_audio');
    expect(say(open, 2, { sendsVideo: false }).key).toBe('good');
    expect(say(open, 2, { othersPresent: false }).key).toBe('alone');
  });

  test('reconnecting counts seconds, then says it is back for a moment', () => {
    const gone = outcome([{ type: 'connected' }, 1], [{ type: 'reconnecting' }, 10]);
    const back = advanceLine(gone, { type: 'reconnected' }, 14);

    expect(say(gone, 13.9)).toMatchObject({ key: 'reconnecting', seconds: 3, urgency: 'assertive' });
    expect(say(back, 15).key).toBe('back');
    expect(say(back, 19).key).toBe('good');
  });

  test('a second warning does not restart the count', () => {
    const gone = outcome(
      [{ type: 'connected' }, 1],
      [{ type: 'reconnecting' }, 10],
      [{ type: 'reconnecting' }, 12],
    );

    expect(say(gone, 13).seconds).toBe(3);
  });

  test('an ended line stays ended, with its reason', () => {
    const ended = outcome(
      [{ type: 'connected' }, 1],
      [{ type: 'ended', reason: 'removed' }, 2],
      [{ type: 'connected' }, 3],
    );

    expect(say(ended, 4)).toMatchObject({ key: 'ended_removed', tone: 'danger' });
  });
});

test.each([
  [0, '00:00'],
  [65.9, '01:05'],
  [600, '10:00'],
  [3725, '1:02:05'],
  [-3, '00:00'],
])('%d seconds are %s', (seconds, expected) => {
  expect(clock(seconds)).toBe(expected);
});
