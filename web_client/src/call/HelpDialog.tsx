/** The list that says all single-key shortcuts, and the switch for them; fetched when it is first opened. */
import { Gauge } from 'lucide-react';
import { Check, Dialog, KeyList, LinkButton } from '../design';
import { useWords, type Words } from '../words';
import { SHORTCUTS } from './shortcuts';
import type { Shortcuts } from './useShortcuts';

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
