import { describe, expect, test } from 'vitest';

import type { DeviceReport } from './devices';
import { advance, type Journey, type JourneyEvent, refusalFor } from './journey';

const WORKING: DeviceReport = { microphone: { ok: true }, camera: { ok: true } };
const SILENT: DeviceReport = { microphone: { ok: false, problem: 'refused' }, camera: { ok: true } };

const walk = (...events: JourneyEvent[]): Journey =>
  events.reduce<Journey>((journey, event) => advance(journey, event), { at: 'loading' });

const READY: JourneyEvent[] = [{ type: 'invitation_read' }];
const ASKED: JourneyEvent[] = [...READY, { type: 'talk', dialogExpected: true }, { type: 'understood' }];

describe('the way in', () => {
  test('a person who never saw the dialog sees its picture first', () => {
    expect(walk(...READY, { type: 'talk', dialogExpected: true }).at).toBe('explaining');
  });

  test('a person who allowed it before goes straight to the check', () => {
    const journey = walk(
      ...READY,
      { type: 'talk', dialogExpected: false },
      { type: 'devices_answered', report: WORKING },
    );

    expect(journey).toEqual({ at: 'checking', report: WORKING });
  });

  test('check, enter, talk', () => {
    const journey = walk(
      ...ASKED,
      { type: 'devices_answered', report: WORKING },
      { type: 'enter' },
      { type: 'entered' },
    );

    expect(journey.at).toBe('talking');
  });

  test('without a microphone the telephone comes first, and asking again keeps the place', () => {
    const blocked = walk(...ASKED, { type: 'devices_answered', report: SILENT });

    expect(blocked.at).toBe('blocked');
    expect(advance(blocked, { type: 'retry' }).at).toBe('asking');
  });

  test('listening only is allowed', () => {
    expect(walk(...ASKED, { type: 'devices_answered', report: SILENT }, { type: 'enter' }).at).toBe(
      'entering',
    );
  });

  test('a broken line while entering gives the check back', () => {
    const journey = walk(
      ...ASKED,
      { type: 'devices_answered', report: WORKING },
      { type: 'enter' },
      { type: 'network_failed' },
    );

    expect(journey).toEqual({ at: 'checking', report: WORKING });
  });
});

describe('what cannot throw a person back', () => {
  const talking: Journey = { at: 'talking' };

  test.each<JourneyEvent>([
    { type: 'link_refused', reason: 'expired' },
    { type: 'network_failed' },
    { type: 'invitation_read' },
    { type: 'back' },
    { type: 'devices_answered', report: SILENT },
  ])('$type during the talk changes nothing', (event) => {
    expect(advance(talking, event)).toBe(talking);
  });
});

describe('ends', () => {
  test('an ended talk says how it ended and can be entered again', () => {
    const ended = advance({ at: 'talking' }, { type: 'ended', ending: 'lost' });

    expect(ended).toEqual({ at: 'ended', ending: 'lost' });
    expect(advance(ended, { type: 'retry' }).at).toBe('loading');
  });

  test('a link can be refused while entering', () => {
    const journey = advance({ at: 'entering', report: WORKING }, { type: 'link_refused', reason: 'revoked' });

    expect(journey).toEqual({ at: 'refused', reason: 'revoked' });
  });

  test('no network is not a bad link', () => {
    expect(walk({ type: 'network_failed' }).at).toBe('unreachable');
    expect(walk({ type: 'network_failed' }, { type: 'retry' }).at).toBe('loading');
  });
});

test('error keys of the API become reasons', () => {
  expect(refusalFor('invitation.expired')).toBe('expired');
  expect(refusalFor('call.closed')).toBe('closed');
  expect(refusalFor('internal')).toBeNull();
});
