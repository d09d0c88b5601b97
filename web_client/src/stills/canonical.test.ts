import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Canonical, canonical } from './canonical';

const vectors: readonly { value: Canonical; canonical: string }[] = JSON.parse(
  readFileSync(new URL('../../../tests/wire/canonical_json.json', import.meta.url), 'utf8'),
);

test.each(vectors)('the server reads the same file: $canonical', (vector) => {
  expect(canonical(vector.value)).toBe(vector.canonical);
});

test('zero has no sign', () => expect(canonical(-0)).toBe('0'));

test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%s is no number of a manifest', (value) => {
  expect(() => canonical(value)).toThrow(RangeError);
});

test.each(['\ud842', '\udfb7x'])('half a character is no text', (value) => {
  expect(() => canonical(value)).toThrow(TypeError);
});
