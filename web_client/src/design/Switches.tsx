/** Cards that can be switched on and off, each with what belongs to it: a real switch, 44 px, with its own name. */
import type { ReactNode, Ref } from 'react';
import { classes } from './classes';
import { Furigana } from './Furigana';

/** One kind of thing: its title, a sentence, a switch, and what is under it. */
export function SwitchCard({
  title,
  about,
  name,
  on,
  busy = false,
  onSwitch,
  children,
}: {
  title: string;
  about: string;
  /** What the switch is called when read out. */
  name: string;
  on: boolean;
  busy?: boolean;
  onSwitch: (on: boolean) => void;
  children?: ReactNode;
}) {
  return (
    <section className="rounded-card border border-line bg-surface px-4 py-3.5 break-inside-avoid">
      <div className="flex items-start gap-4">
        <div className="min-w-0 flex-1">
          <h2 className="text-20 leading-[1.4]">
            <Furigana text={title} />
          </h2>
          <p className="text-16 text-ink-2">
            <Furigana text={about} />
          </p>
        </div>
        <label className="grid min-h-11 min-w-16 flex-none cursor-pointer place-items-center print:hidden">
          <input
            type="checkbox"
            role="switch"
            aria-label={name}
            aria-disabled={busy || undefined}
            aria-checked={on}
            checked={on}
            onChange={(event) => !busy && onSwitch(event.target.checked)}
            className="relative h-9 w-16 cursor-pointer appearance-none rounded-full bg-line-control transition-colors before:absolute before:top-1 before:left-1 before:size-7 before:rounded-full before:bg-white before:transition-transform before:content-[''] checked:bg-brand checked:before:translate-x-7"
          />
        </label>
      </div>
      {children && <div className="mt-3 grid gap-3">{children}</div>}
    </section>
  );
}

/** One thing in a card: what it is, the facts about it, and what can be done. */
export function SwitchItem({
  title,
  lines,
  tag,
  current = false,
  ref,
  children,
}: {
  title: string;
  lines: readonly string[];
  /** How it stands, beside the title. */
  tag?: ReactNode;
  /** The one that somebody came for; it can take the focus. */
  current?: boolean;
  ref?: Ref<HTMLDivElement>;
  children?: ReactNode;
}) {
  return (
    <div
      ref={ref}
      tabIndex={current ? -1 : undefined}
      aria-current={current || undefined}
      className={classes(
        'border-t border-line pt-3 break-inside-avoid',
        current && 'border-l-6 border-l-brand pl-3',
      )}
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p className="text-18 leading-[1.5] font-bold">
          <Furigana text={title} />
        </p>
        {tag}
      </div>
      {lines.map((line) => (
        <p key={line} className="text-16 leading-[1.6]">
          <Furigana text={line} />
        </p>
      ))}
      {children && <div className="mt-1.5 flex flex-wrap gap-2 print:hidden">{children}</div>}
    </div>
  );
}
