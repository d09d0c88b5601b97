/** The single-key shortcuts: listening for them, switching them off, and the list that says them all. */
import { Gauge } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Check, Dialog, KeyList, LinkButton } from '../design';
import { useWords, type Words } from '../words';
import { type Command, commandFor, SHORTCUTS } from './shortcuts';

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

/** To the connection check, in a window of its own: the call goes on. */
export function CheckLink() {
  const words = useWords('call');
  return (
    <LinkButton look="quiet" icon={Gauge} href="/check" target="_blank">
      {words.name('help.check')}
    </LinkButton>
  );
}

export function HelpDialog({
  open,
  onClose,
  shortcuts,
  words,
}: {
  open: boolean;
  onClose: () => void;
  shortcuts: Shortcuts;
  words: Words;
}) {
  return (
    <Dialog open={open} onClose={onClose} title={words.name('help.title')} closable>
      <Check
        label={words.name('help.on')}
        checked={shortcuts.on}
        onChange={(event) => shortcuts.set(event.target.checked)}
      />
      <p>{words.name('help.hint')}</p>
      <KeyList
        keys={SHORTCUTS.map(
          ({ key, command }) => [key.toUpperCase(), words.name(`help.${command}`)] as const,
        )}
      />
      <CheckLink />
    </Dialog>
  );
}
