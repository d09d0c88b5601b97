import { expect, test } from 'vitest';
import { isOverdue } from './due';

const MIDNIGHT_IN_JAPAN = Date.parse('2026-11-24T15:00:00Z');

test('a question is overdue when its day is over in Japan, wherever the device thinks it is', () => {
  const question = { state: 'open', due_on: '2026-11-24' } as const;

  expect(isOverdue(question, MIDNIGHT_IN_JAPAN - 1)).toBe(false);
  expect(isOverdue(question, MIDNIGHT_IN_JAPAN)).toBe(true);
  expect(isOverdue({ ...question, state: 'answered' }, MIDNIGHT_IN_JAPAN)).toBe(false);
  expect(isOverdue({ ...question, due_on: null }, MIDNIGHT_IN_JAPAN)).toBe(false);
});
