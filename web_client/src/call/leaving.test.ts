import { describe, expect, test } from 'vitest';

import { advanceLeaving, type Leaving, type LeavingEvent, secondsLeft } from './leaving';

const outcome = (...events: readonly (readonly [LeavingEvent, number])[]): Leaving =>
  events.reduce<Leaving>((leaving, [event, now]) => advanceLeaving(leaving, event, now), { at: 'here' });

describe('leaving', () => {
  test('can be undone for ten seconds', () => {
    const leaving = outcome(['ask', 0], ['leave', 100]);

    expect(secondsLeft(leaving, 100.2)).toBe(10);
    expect(advanceLeaving(leaving, 'tick', 109.9)).toBe(leaving);
    expect(advanceLeaving(leaving, 'back', 109.9)).toEqual({ at: 'here' });
    expect(advanceLeaving(leaving, 'tick', 110)).toEqual({ at: 'gone', endedForAll: false });
  });

  test('ending for everybody needs a second yes', () => {
    expect(outcome(['end', 0]).at).toBe('here');
    expect(outcome(['ask', 0], ['end', 0]).at).toBe('asking');
    expect(outcome(['ask', 0], ['ask_end', 0], ['end', 0])).toEqual({ at: 'gone', endedForAll: true });
  });

  test('a second click on leave does not restart the ten seconds', () => {
    expect(outcome(['ask', 0], ['leave', 100], ['leave', 105])).toEqual({ at: 'undoable', until: 110 });
  });

  test('gone is gone', () => {
    expect(outcome(['ask', 0], ['ask_end', 0], ['end', 0], ['back', 1]).at).toBe('gone');
    expect(secondsLeft({ at: 'gone', endedForAll: true }, 0)).toBe(0);
  });

  test('leaving at once skips the wait', () => {
    expect(outcome(['ask', 0], ['leave', 1], ['now', 2])).toEqual({ at: 'gone', endedForAll: false });
  });

  test.each<LeavingEvent>(['leave', 'ask_end', 'end', 'now', 'tick'])(
    '%s out of turn changes nothing',
    (event) => {
      expect(outcome([event, 0])).toEqual({ at: 'here' });
    },
  );
});
