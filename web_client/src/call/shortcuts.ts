/**
 * Single-key shortcuts of the call screen (pure). They can be switched off (WCAG 2.2, 2.1.4), never fire while somebody
 * types or a dialog is open, and are listed from this table in the help dialog, so the list is always true.
 */

export type Command =
  | 'microphone'
  | 'camera'
  | 'share'
  | 'people'
  | 'chat'
  | 'layout'
  | 'line'
  | 'notes'
  | 'still'
  | 'private'
  | 'handOver'
  | 'leave'
  | 'help';

export interface Shortcut {
  readonly key: string;
  readonly command: Command;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { key: 'm', command: 'microphone' },
  { key: 'v', command: 'camera' },
  { key: 's', command: 'share' },
  { key: 'p', command: 'people' },
  { key: 'c', command: 'chat' },
  { key: 'g', command: 'layout' },
  { key: 'n', command: 'line' },
  { key: 'o', command: 'notes' },
  { key: 'i', command: 'still' },
  { key: 'w', command: 'private' },
  { key: 'h', command: 'handOver' },
  { key: 'l', command: 'leave' },
  { key: '?', command: 'help' },
];

/** The facts of a key event that decide. `code` finds the key where a Japanese input method swallows the letter. */
export interface KeyFacts {
  readonly key: string;
  readonly code: string;
  readonly hasModifier: boolean;
  readonly isTyping: boolean;
  readonly isComposing: boolean;
  readonly isRepeat: boolean;
}

/** The command of a key press, or null. */
export function commandFor(facts: KeyFacts): Command | null {
  if (facts.hasModifier || facts.isTyping || facts.isComposing || facts.isRepeat) return null;
  const pressed = facts.key.toLowerCase();
  const physical = facts.code.replace(/^Key/, '').toLowerCase();
  const found = SHORTCUTS.find(({ key }) => key === pressed) ?? SHORTCUTS.find(({ key }) => key === physical);
  return found?.command ?? null;
}
