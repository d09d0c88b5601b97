import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const ours = readFileSync('src/design/design.css', 'utf8');
const theirs = readFileSync('node_modules/@digital-go-jp/design-tokens/dist/tokens.css', 'utf8');

const named = [...ours.matchAll(/--color-([\w-]+): (#[0-9a-f]{6}); \/\* ([a-z-]+-\d+)/g)].map(
  ([, name, hex, token]) => ({
    name,
    hex,
    token,
  }),
);

test('the colours name the token they come from', () => {
  expect(named.length).toBeGreaterThan(35);
});

test.each(named)('$name is $token', ({ hex, token }) => {
  const value = new RegExp(`--color-(?:primitive|neutral)-${token}: (#[0-9a-f]{3,6});`).exec(theirs)?.[1];

  expect(hex).toBe(value?.length === 4 ? value.replace(/[0-9a-f]/g, '$&$&') : value);
});
