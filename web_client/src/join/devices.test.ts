import { describe, expect, test } from 'vitest';

import { type Attempt, classifyFailure, nextRequest, reportOn, standingProblem, willAsk } from './devices';

const tried = (...attempts: readonly (readonly [Attempt['wanted'], Attempt['problem']])[]): Attempt[] =>
  attempts.map(([wanted, problem]) => ({ wanted, problem }));

describe('the order of questions', () => {
  test.each([
    ['nothing yet', tried(), 'both'],
    ['both work', tried(['both', null]), null],
    ['no camera', tried(['both', 'missing']), 'microphone'],
    ['camera in use', tried(['both', 'busy']), 'microphone'],
    ['both refused', tried(['both', 'refused']), 'microphone'],
    ['microphone refused as well', tried(['both', 'refused'], ['microphone', 'refused']), null],
    ['no microphone', tried(['both', 'missing'], ['microphone', 'missing']), 'camera'],
    ['audio only works', tried(['both', 'missing'], ['microphone', null]), null],
    [
      'nothing there at all',
      tried(['both', 'missing'], ['microphone', 'missing'], ['camera', 'missing']),
      null,
    ],
    ['an insecure page', tried(['both', 'insecure']), null],
  ])('%s', (_, attempts, expected) => {
    expect(nextRequest(attempts)).toBe(expected);
  });
});

describe('what works afterwards', () => {
  test('a missing camera leaves the voice', () => {
    const report = reportOn(tried(['both', 'missing'], ['microphone', null]));

    expect(report).toEqual({ microphone: { ok: true }, camera: { ok: false, problem: 'missing' } });
  });

  test('a busy microphone is told apart from a working camera', () => {
    const report = reportOn(tried(['both', 'busy'], ['microphone', 'busy'], ['camera', null]));

    expect(report).toEqual({ microphone: { ok: false, problem: 'busy' }, camera: { ok: true } });
  });

  test('nothing asked is nothing known', () => {
    expect(reportOn([]).microphone).toEqual({ ok: false, problem: 'unknown' });
  });
});

describe('what the browser threw', () => {
  test.each([
    ['NotAllowedError', 'Permission denied', 'refused'],
    ['NotAllowedError', 'Permission denied by system', 'blocked_by_system'],
    ['NotFoundError', 'Requested device not found', 'missing'],
    ['NotReadableError', 'Could not start video source', 'busy'],
    ['OverconstrainedError', '', 'missing'],
    ['TypeError', '', 'unsupported'],
    ['WeirdError', '', 'unknown'],
  ])('%s %s is %s', (name, message, problem) => {
    const error = new Error(message);
    error.name = name;

    expect(classifyFailure(error)).toBe(problem);
  });

  test('something that is no error at all is unknown', () => {
    expect(classifyFailure('?')).toBe('unknown');
  });
});

test('an insecure page is named before anything is asked', () => {
  expect(standingProblem({ isSecureContext: false, hasMediaDevices: false })).toBe('insecure');
  expect(standingProblem({ isSecureContext: true, hasMediaDevices: false })).toBe('unsupported');
  expect(standingProblem({ isSecureContext: true, hasMediaDevices: true })).toBeNull();
});

test('the picture of the dialog is left out only when both were granted before', () => {
  expect(willAsk('granted', 'granted')).toBe(false);
  expect(willAsk('granted', 'prompt')).toBe(true);
  expect(willAsk(null, null)).toBe(true);
});
