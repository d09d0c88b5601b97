import { describe, expect, test } from 'vitest';
import { type Lent, read, type Wish, write } from './camera';

const MESSAGES: readonly (Wish | Lent)[] = [
  { do: 'still' },
  { do: 'lend' },
  { do: 'switch' },
  { do: 'torch', on: true },
  { do: 'zoom', factor: 2 },
  { lent: null },
  { lent: { stills: true, torch: null, zoom: null, canSwitch: false } },
  { lent: { stills: false, torch: true, zoom: { min: 1, max: 4, now: 1 }, canSwitch: true } },
];

test.each(MESSAGES)('%j is read as it was written', (message) => {
  expect(read(write(message), 'S-1')).toEqual(message);
});

describe('nothing is believed', () => {
  test.each(['G-1', '', undefined])('of %s', (identity) => {
    expect(read(write({ do: 'still' }), identity)).toBeNull();
  });

  test.each([
    'nonsense',
    'null',
    '7',
    '[]',
    '{"do":"format"}',
    '{"do":"torch","on":1}',
    '{"do":"zoom","factor":-1}',
    '{"do":"zoom","factor":1e999}',
    '{"lent":{}}',
    '{"lent":{"stills":true,"torch":null,"canSwitch":true}}',
    '{"lent":{"stills":true,"torch":null,"zoom":{"min":4,"max":1,"now":1},"canSwitch":true}}',
    `{"do":"still","more":"${'x'.repeat(2_000)}"}`,
  ])('in %s', (text) => {
    expect(read(new TextEncoder().encode(text), 'S-1')).toBeNull();
  });

  test('that is no text', () => expect(read(new Uint8Array([255, 254]), 'S-1')).toBeNull());
});
