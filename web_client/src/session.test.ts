import { expect, test } from 'vitest';
import { nextPath } from './session';

test.each([
  ['', '/'],
  ['?next=%2Fcalls%2F01J', '/calls/01J'],
  ['?next=https%3A%2F%2Fevil.example', '/'],
  ['?next=%2F%2Fevil.example', '/'],
  ['?next=%2F%5Cevil.example', '/'],
  ['?next=javascript%3Aalert(1)', '/'],
])('after signing in, %s leads to %s', (search, path) => {
  expect(nextPath(search)).toBe(path);
});
