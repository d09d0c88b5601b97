import { expect, test } from 'vitest';
import { readHold } from './hold';

test('a hold is read from the metadata of the room, and nothing else is taken for one', () => {
  expect(readHold('{"hold":{"since":"2026-11-24T01:00:00+00:00"}}')).toBe('2026-11-24T01:00:00+00:00');
  for (const other of [undefined, '', 'no', '{}', 'null', '{"hold":null}', '{"hold":{"since":7}}'])
    expect(readHold(other)).toBeNull();
});
