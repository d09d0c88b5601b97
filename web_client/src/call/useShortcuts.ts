/** The single-key shortcuts: listening for them, and switching them off. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { type Command, commandFor } from './shortcuts';

const STORED = 'genba.shortcuts';

export interface Shortcuts {
  readonly on: boolean;
  readonly set: (on: boolean) => void;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
  );
}

function storedOn(): boolean {
  try {
    return localStorage.getItem(STORED) !== 'off';
  } catch {
    return true;
  }
}

/** Runs commands by key while `active` (no window over the call). The choice to switch them off is kept. */
export function useShortcuts(run: (command: Command) => void, active: boolean): Shortcuts {
  const [on, setOn] = useState(storedOn);
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });

  useEffect(() => {
    if (!on || !active) return;
    const press = (event: KeyboardEvent) => {
      const command = commandFor({
        key: event.key,
        code: event.code,
        hasModifier: event.ctrlKey || event.altKey || event.metaKey,
        isTyping: isTyping(event.target),
        isComposing: event.isComposing,
        isRepeat: event.repeat,
      });
      if (command === null) return;
      event.preventDefault();
      latest.current(command);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [on, active]);

  const set = useCallback((next: boolean) => {
    setOn(next);
    try {
      localStorage.setItem(STORED, next ? 'on' : 'off');
    } catch {
      // storage is closed: the choice lasts as long as the page
    }
  }, []);
  return { on, set };
}
