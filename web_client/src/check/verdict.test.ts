import { expect, test } from 'vitest';
import { bestWay, type Findings, NOTHING_FOUND, stateOfQuality, verdictOn } from './verdict';

const FINE: Findings = {
  states: {
    server: 'good',
    live: 'good',
    udp: 'good',
    tcp: 'good',
    relay: 'skipped',
    quality: 'good',
    microphone: 'good',
    camera: 'good',
  },
  quality: { round_trip_ms: 40, loss: 0, kbps: 4000 },
  microphone: null,
  camera: null,
  isUnsupported: false,
};

function found(states: Partial<Findings['states']>, rest: Partial<Findings> = {}): Findings {
  return { ...FINE, ...rest, states: { ...FINE.states, ...states } };
}

test.each([
  ['everything works', FINE, 'all', ['go_on']],
  ['nothing was reached', found({ server: 'bad' }), 'offline', ['move']],
  ['an old browser', found({}, { isUnsupported: true }), 'browser', ['update']],
  ['no live connection', found({ live: 'bad' }), 'nothing', ['other_network', 'ask_it']],
  ['no way in', found({ udp: 'bad', tcp: 'bad', relay: 'bad' }), 'nothing', ['other_network', 'ask_it']],
  ['only TCP', found({ udp: 'bad' }), 'all', ['go_on', 'udp']],
  ['only the relay', found({ udp: 'bad', tcp: 'bad', relay: 'good' }), 'all', ['go_on', 'udp']],
  ['a thin line', found({ quality: 'weak' }), 'voice', ['move']],
  ['hardly a line', found({ quality: 'bad' }), 'nothing', ['move']],
  ['no camera', found({ camera: 'bad' }, { camera: 'missing' }), 'voice', ['no_device']],
  [
    'both refused: said once',
    found({ microphone: 'bad', camera: 'bad' }, { microphone: 'refused', camera: 'refused' }),
    'listen',
    ['allow'],
  ],
  ['a busy microphone', found({ microphone: 'bad' }, { microphone: 'busy' }), 'listen', ['close_others']],
  [
    'nobody answered the question',
    found({ microphone: 'bad' }, { microphone: 'unanswered' }),
    'listen',
    ['allow'],
  ],
] as const)('%s', (_, findings, can, advice) => {
  expect(verdictOn(findings)).toEqual({ can, advice });
});

test.each([
  [4000, 0, 40, 'good'],
  [299, 0, 40, 'weak'],
  [4000, 0.11, 40, 'weak'],
  [4000, 0, 900, 'weak'],
  [31, 0, 40, 'bad'],
  [4000, 0.31, 40, 'bad'],
] as const)('%d kbps, loss %d, %d ms', (kbps, loss, round_trip_ms, state) => {
  expect(stateOfQuality({ kbps, loss, round_trip_ms })).toBe(state);
});

test('the best way is the one a call would take', () => {
  expect(bestWay(FINE.states)).toBe('udp');
  expect(bestWay({ ...FINE.states, udp: 'bad' })).toBe('tcp');
  expect(bestWay(NOTHING_FOUND.states)).toBe(null);
});
