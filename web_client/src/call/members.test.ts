import { describe, expect, test } from 'vitest';

import {
  chooseStage,
  type Member,
  pictureFit,
  pictures,
  plateParts,
  readRole,
  rememberSpeakers,
} from './members';

function member(identity: string, facts: Partial<Member> = {}): Member {
  return {
    identity,
    name: identity,
    kana: '',
    role: 'specialist',
    post: '',
    department: '',
    office: '',
    isLocal: false,
    isSpeaking: false,
    signal: 'good',
    microphoneOn: true,
    cameraOn: true,
    cameraFacing: 'user',
    sharesScreen: false,
    joinedAt: 0,
    ...facts,
  };
}

const me = member('S-1', { isLocal: true });
const site = member('S-2', { role: 'field', cameraFacing: 'environment' });
const resident = member('G-1', { role: 'resident', cameraOn: false });

describe('who fills the stage', () => {
  test('alone, oneself', () => {
    expect(chooseStage({ members: [me], pinned: null, speakers: [] })?.identity).toBe('S-1');
  });

  test('an interpreter never takes the stage from those who are interpreted, and is never left out', () => {
    const interpreter = member('G-3', { role: 'interpreter', joinedAt: 9 });
    const others = [me, resident, interpreter, member('S-3', { sharesScreen: true })];

    expect(chooseStage({ members: [me, resident, interpreter], pinned: null, speakers: ['G-3'] })).toEqual({
      identity: 'G-1',
      source: 'camera',
    });
    expect(chooseStage({ members: [me, interpreter], pinned: null, speakers: [] })?.identity).toBe('G-3');
    expect(pictures(others)[0]).toEqual({ identity: 'G-3', source: 'camera' });
  });

  test('nobody, nothing', () => {
    expect(chooseStage({ members: [], pinned: null, speakers: [] })).toBeNull();
  });

  test('the picture of the site stays, whoever speaks', () => {
    expect(chooseStage({ members: [me, site, resident], pinned: null, speakers: ['G-1'] })?.identity).toBe(
      'S-2',
    );
  });

  test('the field worker sees their own scene', () => {
    const members = [{ ...site, isLocal: true }, resident];

    expect(chooseStage({ members, pinned: null, speakers: ['G-1'] })?.identity).toBe('S-2');
  });

  test('without a scene, the person who spoke last', () => {
    const other = member('S-3');

    expect(
      chooseStage({ members: [me, other, resident], pinned: null, speakers: ['G-1', 'S-3'] })?.identity,
    ).toBe('G-1');
  });

  test('who switched the microphone off gives the stage to whoever can be seen', () => {
    const silent = member('S-3', { microphoneOn: false, cameraOn: false });
    const seen = member('S-4');

    expect(chooseStage({ members: [me, silent, seen], pinned: null, speakers: ['S-3'] })?.identity).toBe(
      'S-4',
    );
  });

  test("one's own voice does not take the stage", () => {
    expect(chooseStage({ members: [me, resident], pinned: null, speakers: ['S-1'] })?.identity).toBe('G-1');
  });

  test('a shared screen of another person comes before the scene', () => {
    const sharing = member('S-3', { sharesScreen: true });

    expect(chooseStage({ members: [me, site, sharing], pinned: null, speakers: [] })).toEqual({
      identity: 'S-3',
      source: 'screen',
    });
  });

  test('a pin wins, and falls when its picture is gone', () => {
    const sharing = member('S-3', { sharesScreen: true });
    const pinned = { identity: 'G-1', source: 'camera' } as const;

    expect(chooseStage({ members: [me, sharing, resident], pinned, speakers: [] })).toEqual(pinned);
    expect(chooseStage({ members: [me, sharing], pinned, speakers: [] })?.identity).toBe('S-3');
    expect(
      chooseStage({ members: [me, site], pinned: { identity: 'S-2', source: 'screen' }, speakers: [] })
        ?.source,
    ).toBe('camera');
  });
});

test('speakers are remembered latest first, and silence changes nothing', () => {
  const once = rememberSpeakers([], ['a']);
  const twice = rememberSpeakers(once, ['b', 'a']);

  expect(twice).toEqual(['b', 'a']);
  expect(rememberSpeakers(twice, [])).toBe(twice);
  expect(rememberSpeakers(twice, ['b'])).toBe(twice);
});

test('pictures: screens, others in order of arrival, oneself last', () => {
  const early = member('S-9', { joinedAt: 1 });
  const late = member('S-8', { joinedAt: 2, sharesScreen: true });

  expect(pictures([me, late, early]).map(({ identity, source }) => `${identity} ${source}`)).toEqual([
    'S-8 screen',
    'S-9 camera',
    'S-8 camera',
    'S-1 camera',
  ]);
});

test('a scene is never cropped, a face is', () => {
  expect(pictureFit(site, 'camera')).toBe('contain');
  expect(pictureFit(me, 'screen')).toBe('contain');
  expect(pictureFit(me, 'camera')).toBe('cover');
  expect(pictureFit(me, 'camera', 4 / 3)).toBe('cover');
  expect(pictureFit(me, 'camera', 9 / 16)).toBe('contain');
  expect(pictureFit(member('G-2', { role: 'resident', cameraFacing: 'environment' }), 'camera')).toBe(
    'contain',
  );
});

test('attributes name the role; strangers are guests from outside', () => {
  expect(readRole({ 'genba.role': 'supervisor' })).toBe('supervisor');
  expect(readRole({ 'genba.role': 'king' })).toBe('partner');
  expect(readRole({})).toBe('partner');
});

test('a plate names the department, or the office, and the post', () => {
  expect(plateParts({ post: '所長', department: '', office: '東部土木事務所' })).toEqual([
    '東部土木事務所',
    '所長',
  ]);
  expect(plateParts({ post: '', department: '', office: '' })).toEqual([]);
});
