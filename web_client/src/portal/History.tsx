/** What this device remembers: off until it is switched on, each deleted by itself or all at once, and undone for a moment. */
import { Trash2 } from 'lucide-react';
import {
  Button,
  Furigana,
  LinkButton,
  ResidentBlock,
  ResidentText,
  SwitchCard,
  SwitchItem,
  useToast,
} from '../design';
import type { Words } from '../words';
import { pathOf } from './serviceWords';
import type { DeviceMemory } from './useMemory';

export function History({ device, words }: { device: DeviceMemory; words: Words }) {
  const { memory } = device;
  const toast = useToast();
  const isEmpty = memory.seen.length + memory.unwanted.length + memory.later.length === 0;
  const undoable = (text: string, change: () => void) => {
    const before = memory;
    change();
    toast({ text, action: { label: words.name('undo'), onPress: () => device.restore(before) } });
  };
  return (
    <ResidentBlock>
      <SwitchCard
        title={words.say('history.heading')}
        about={words.say('history.about')}
        name={words.name('history.switch')}
        on={memory.on}
        onSwitch={(on) =>
          on || isEmpty ? device.turn(on) : undoable(words.name('history.cleared'), () => device.turn(false))
        }
      >
        {memory.on && (
          <>
            {isEmpty && <ResidentText text={words.say('history.empty')} />}
            {memory.seen.map((one) => (
              <SwitchItem key={`${one.kind} ${one.id}`} title={one.title} lines={[]}>
                <LinkButton
                  look="quiet"
                  size="small"
                  to={pathOf(one)}
                  aria-label={words.name('history.open_name', { title: one.title })}
                >
                  <Furigana text={words.say('history.open')} />
                </LinkButton>
                <Button
                  look="quiet"
                  size="small"
                  aria-label={words.name('history.forget_name', { title: one.title })}
                  onClick={() => undoable(words.name('history.forgotten'), () => device.forget(one))}
                >
                  <Furigana text={words.say('history.forget')} />
                </Button>
              </SwitchItem>
            ))}
            {memory.unwanted.length > 0 && (
              <ResidentText
                voice="note"
                text={words.say('history.unwanted', { count: memory.unwanted.length })}
              />
            )}
            {!isEmpty && (
              <Button
                look="plain"
                block
                icon={Trash2}
                onClick={() => undoable(words.name('history.cleared'), device.clear)}
              >
                <Furigana text={words.say('history.clear')} />
              </Button>
            )}
          </>
        )}
      </SwitchCard>
    </ResidentBlock>
  );
}
