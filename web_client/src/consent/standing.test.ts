import { expect, test } from 'vitest';
import type { ConsentPerson, ConsentsAnswer } from '../api';
import { type ConsentWord, concerned, counted, PURPOSES, stoppable, takenBack, unsettled } from './standing';

function person(
  identity: string,
  recording: ConsentWord,
  wish: 'keep' | 'delete' | null = null,
): ConsentPerson {
  return {
    identity,
    name: identity,
    role: 'resident',
    standings: PURPOSES.map((purpose) => ({
      purpose,
      state: purpose === 'recording' ? recording : 'none',
      at: null,
      entered_by: null,
      wish: purpose === 'recording' ? wish : null,
    })),
  };
}

function answer(...people: ConsentPerson[]): ConsentsAnswer {
  const own = people[0] ?? person('S-1', 'none');
  return { own, people, asked: [], in_force: [], asked_of_all: [], text_version: '1', texts: [] };
}

test('what was given can be stopped, and what was stopped is settled once', () => {
  expect(stoppable(person('G-1', 'given'))).toEqual(['recording']);
  expect(stoppable(person('G-1', 'refused'))).toEqual([]);
  expect(unsettled(person('G-1', 'withdrawn'))).toEqual(['recording']);
  expect(unsettled(person('G-1', 'withdrawn', 'delete'))).toEqual([]);
});

test('everybody who has not answered is still open', () => {
  const people = [
    person('a', 'given'),
    person('b', 'refused'),
    person('c', 'withdrawn'),
    person('d', 'asked'),
  ];
  expect(counted([...people, person('e', 'none')], 'recording')).toEqual({ yes: 1, no: 2, open: 2 });
});

test('who was only invited is not shown, who has answered and left is', () => {
  const found = concerned(
    answer(person('here', 'none'), person('left', 'given'), person('never', 'asked')),
    new Set(['here']),
  );
  expect(found.map(({ identity }) => identity)).toEqual(['here', 'left']);
});

test('what is taken back is news, and only then', () => {
  const [before, after] = [answer(person('a', 'given')), answer(person('a', 'withdrawn'))];
  expect(takenBack(before, after).map(({ purpose }) => purpose)).toEqual(['recording']);
  expect(takenBack(after, after)).toEqual([]);
  expect(takenBack(answer(person('a', 'asked')), answer(person('a', 'refused')))).toEqual([]);
});
