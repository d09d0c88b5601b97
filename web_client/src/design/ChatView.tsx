/** Written lines in a call: the log with who and when, lines that could not be sent, and the box to write in. */
import { CircleAlert, SendHorizontal } from 'lucide-react';
import {
  type FormEvent,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { Button } from './Button';
import { classes } from './classes';
import { INPUT } from './input';
import { type Role, RoleLetter } from './NamePlate';

export interface WrittenLine {
  id: string;
  who: string;
  role: Role;
  at: string;
  text: string;
  own: boolean;
  /** What was spoken instead of written. */
  sound?: ReactNode;
}

export interface UnsentLine {
  key: string;
  text: string;
  failed: boolean;
}

/** The log keeps the newest line in sight unless somebody scrolled up to read. */
export function ChatLog({
  label,
  lines,
  unsent,
  words,
  onAgain,
  large = false,
}: {
  label: string;
  lines: readonly WrittenLine[];
  unsent: readonly UnsentLine[];
  words: { sending: string; notSent: string; again: string };
  onAgain: (line: UnsentLine) => void;
  large?: boolean;
}) {
  const end = useRef<HTMLDivElement>(null);
  const count = lines.length + unsent.length;
  useEffect(() => {
    if (count > 0) end.current?.scrollIntoView({ block: 'nearest' });
  }, [count]);
  return (
    <div role="log" aria-label={label} className="grid gap-3 py-3">
      {lines.map((line) => (
        <Bubble key={line.id} own={line.own} large={large}>
          <p className="flex items-center gap-2 text-14 leading-[1.4] text-ink-2">
            <RoleLetter role={line.role} />
            <span className="min-w-0 font-bold">{line.who}</span>
            <time className="figures flex-none">{line.at}</time>
          </p>
          <p className={classes('mt-1 whitespace-pre-wrap', large ? 'text-20' : 'text-16 leading-[1.6]')}>
            {line.text}
          </p>
          {line.sound}
        </Bubble>
      ))}
      {unsent.map((line) => (
        <Bubble key={line.key} own large={large}>
          <p className={classes('whitespace-pre-wrap', large ? 'text-20' : 'text-16 leading-[1.6]')}>
            {line.text}
          </p>
          {line.failed ? (
            <p className="mt-1 flex flex-wrap items-center gap-2 text-14 font-bold text-danger">
              <CircleAlert size={20} aria-hidden className="flex-none" />
              {words.notSent}
              <Button size="small" look="second" onClick={() => onAgain(line)}>
                {words.again}
              </Button>
            </p>
          ) : (
            <p className="mt-1 text-14 text-ink-2">{words.sending}</p>
          )}
        </Bubble>
      ))}
      <div ref={end} />
    </div>
  );
}

function Bubble({ own, large, children }: { own: boolean; large: boolean; children: ReactNode }) {
  return (
    <div
      className={classes(
        'max-w-[92%] rounded-card border px-3.5 py-2.5',
        own
          ? 'justify-self-end border-brand-line bg-brand-tint'
          : 'justify-self-start border-line bg-surface',
        large && 'w-full',
      )}
    >
      {children}
    </div>
  );
}

const MAX_LENGTH = 2_000;

/** Enter sends, Shift+Enter breaks the line; while a Japanese input method composes, Enter belongs to it. */
export function ChatComposer({
  label,
  send,
  onSend,
  large = false,
  bare = false,
}: {
  label: string;
  send: string;
  onSend: (text: string) => void;
  large?: boolean;
  /** Where what holds it has its own line and padding. */
  bare?: boolean;
}) {
  const [text, setText] = useState('');
  const id = useId();
  const box = useRef<HTMLTextAreaElement>(null);

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    const wanted = text.trim();
    if (!wanted) return;
    onSend(wanted);
    setText('');
    box.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) submit(event);
  };
  return (
    <form
      onSubmit={submit}
      className={classes('flex flex-none items-end gap-2 bg-surface', !bare && 'border-t border-line p-3')}
    >
      <div className="min-w-0 flex-1">
        <label htmlFor={id} className="sr-only">
          {label}
        </label>
        <textarea
          id={id}
          ref={box}
          rows={1}
          value={text}
          maxLength={MAX_LENGTH}
          placeholder={label}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          className={classes(
            INPUT,
            'block field-sizing-content max-h-32 resize-none leading-[1.5]',
            large ? 'min-h-16 py-4 text-20' : 'min-h-12 py-2.5 text-16',
          )}
        />
      </div>
      <Button type="submit" size={large ? 'large' : 'normal'} icon={SendHorizontal}>
        {send}
      </Button>
    </form>
  );
}
