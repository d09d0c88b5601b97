import { expect, test } from 'vitest';
import { asked, forgotten, type Memory, NOTHING, postponed, refused, seen } from './device';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-11-24T01:00:00Z');
const ON: Memory = { ...NOTHING, on: true };
const HOUSE = { kind: 'programme', id: '992011-P035', title: '老朽危険空き家除却費補助' } as const;
const CHILD = { kind: 'programme', id: '992011-P002', title: '児童手当' } as const;

test('nothing is remembered until somebody switches it on', () => {
  expect(seen(NOTHING, HOUSE, NOW)).toEqual(NOTHING);
});

test('what was looked at twice stands once, newest first, and no more than fifty', () => {
  let memory = seen(seen(seen(ON, HOUSE, NOW), CHILD, NOW + 1), HOUSE, NOW + 2);
  expect(memory.seen.map(({ id, at }) => [id, at - NOW])).toEqual([
    [HOUSE.id, 2],
    [CHILD.id, 1],
  ]);
  for (let number = 0; number < 80; number += 1) memory = seen(memory, { ...CHILD, id: `X-${number}` }, NOW);
  expect(memory.seen.length).toBe(50);
});

test('deleted is as if it had never been looked at', () => {
  const before = seen(ON, CHILD, NOW);
  const after = forgotten(seen(before, HOUSE, NOW), HOUSE);
  expect(asked(after, NOW)).toEqual(asked(before, NOW));
});

test('the server is told how old a look is, what is refused, and what still waits', () => {
  const memory = postponed(refused(seen(ON, HOUSE, NOW - 3 * DAY_MS), CHILD, NOW), CHILD, NOW);
  const { kind, id } = CHILD;
  expect(asked(memory, NOW)).toEqual({
    seen: [{ kind: 'programme', id: HOUSE.id, days_ago: 3 }],
    unwanted: [{ kind, id }],
    later: [{ kind, id }],
  });
  expect(asked(memory, NOW + 8 * DAY_MS).later).toEqual([]);
});
