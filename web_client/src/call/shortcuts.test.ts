import { expect, test } from 'vitest';

import { commandFor, type KeyFacts, SHORTCUTS } from './shortcuts';

const press = (facts: Partial<KeyFacts>): KeyFacts => ({
  key: 'm',
  code: 'KeyM',
  hasModifier: false,
  isTyping: false,
  isComposing: false,
  isRepeat: false,
  ...facts,
});

test.each([
  [{}, 'microphone'],
  [{ key: 'V', code: 'KeyV' }, 'camera'],
  [{ key: 'も', code: 'KeyM' }, 'microphone'],
  [{ key: '?', code: 'Slash' }, 'help'],
  [{ key: 'x', code: 'KeyX' }, null],
  [{ hasModifier: true }, null],
  [{ isTyping: true }, null],
  [{ isComposing: true }, null],
  [{ isRepeat: true }, null],
])('%j means %s', (facts, command) => {
  expect(commandFor(press(facts))).toBe(command);
});

test('every key has one command and every command one key', () => {
  expect(new Set(SHORTCUTS.map(({ key }) => key)).size).toBe(SHORTCUTS.length);
  expect(new Set(SHORTCUTS.map(({ command }) => command)).size).toBe(SHORTCUTS.length);
});
