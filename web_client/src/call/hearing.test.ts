import { describe, expect, test } from 'vitest';
import { HEARD, type Hearing, type HearingFacts, listen, speakOn } from './hearing';

const UP: HearingFacts = { isSignalling: true, isMicrophoneOn: true, audioHeardAt: 0 };
const DOWN: HearingFacts = { ...UP, isSignalling: false };

const after = (...steps: readonly (readonly [HearingFacts, number])[]): Hearing =>
  steps.reduce<Hearing>((hearing, [facts, now]) => listen(hearing, facts, now), HEARD);

describe('a microphone nobody may be listening to', () => {
  test('is held one second after signalling went, not before', () => {
    expect(after([DOWN, 10], [DOWN, 10.9]).at).toBe('open');
    expect(after([DOWN, 10], [DOWN, 11])).toEqual({ at: 'held', since: 10, backAt: null });
  });

  test('a change of cell that is over in time is not noticed', () => {
    expect(after([DOWN, 10], [UP, 10.5], [DOWN, 11.2], [DOWN, 11.9]).at).toBe('open');
  });

  test.each<[string, readonly (readonly [HearingFacts, number])[], Hearing['at']]>([
    [
      'the session is back, audio was acknowledged only before',
      [[{ ...UP, audioHeardAt: 10.8 }, 20]],
      'held',
    ],
    ['acknowledged in the moment it came back', [[{ ...UP, audioHeardAt: 20 }, 20]], 'held'],
    [
      'acknowledged after it came back',
      [
        [{ ...UP, audioHeardAt: 10.8 }, 20],
        [{ ...UP, audioHeardAt: 21 }, 21],
      ],
      'open',
    ],
    [
      'back, gone again, acknowledged in between only',
      [
        [{ ...UP, audioHeardAt: 10 }, 20],
        [{ ...DOWN, audioHeardAt: 20.2 }, 20.5],
        [{ ...UP, audioHeardAt: 20.2 }, 25],
      ],
      'held',
    ],
    ['acknowledged while signalling is still away', [[{ ...DOWN, audioHeardAt: 25 }, 25]], 'held'],
    [
      'a browser that reports no acknowledgements, too soon',
      [
        [{ ...UP, audioHeardAt: null }, 20],
        [{ ...UP, audioHeardAt: null }, 24],
      ],
      'held',
    ],
    [
      'a browser that reports no acknowledgements, after five seconds',
      [
        [{ ...UP, audioHeardAt: null }, 20],
        [{ ...UP, audioHeardAt: null }, 25],
      ],
      'open',
    ],
    ['the person switched it off', [[{ ...DOWN, isMicrophoneOn: false }, 12]], 'open'],
  ])('%s', (_, steps, wanted) => {
    expect(after([DOWN, 10], [DOWN, 11], ...steps).at).toBe(wanted);
  });

  test('a person who speaks on is not held again in the same outage, but in the next', () => {
    const held = after([DOWN, 10], [DOWN, 11]);
    const spoken = speakOn(held);

    expect(listen(spoken, DOWN, 60).at).toBe('overridden');
    const back = listen(spoken, UP, 61);
    expect(back.at).toBe('open');
    expect(listen(listen(back, DOWN, 70), DOWN, 71.5).at).toBe('held');
  });

  test('there is nothing to override while it is open', () => {
    expect(speakOn(HEARD)).toBe(HEARD);
  });
});
