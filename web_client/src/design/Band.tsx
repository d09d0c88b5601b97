/** A line across the page under the top bar: the state of the line to the server, in words. */
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes';

export function Band({
  look,
  icon: Icon,
  children,
  aside,
}: {
  look: 'ok' | 'warn' | 'plain';
  icon: LucideIcon;
  children: ReactNode;
  aside?: ReactNode;
}) {
  return (
    <div
      className={classes(
        'flex flex-none flex-wrap items-center gap-x-3 gap-y-1 border-b px-5 py-2 text-16 font-medium tablet:min-h-14 tablet:px-8 tablet:text-18',
        {
          ok: 'border-ok-line bg-ok-tint',
          warn: 'border-warn-line bg-warn-tint',
          plain: 'border-line bg-surface',
        }[look],
      )}
    >
      <Icon
        size={24}
        aria-hidden
        className={classes(
          'flex-none',
          { ok: 'text-ok-mid', warn: 'text-warn-mid', plain: 'text-ink-2' }[look],
        )}
      />
      <span role="status" className="min-w-0 flex-1 leading-[1.5]">
        {children}
      </span>
      {aside && <span className="text-14 text-ink-2 tablet:text-16">{aside}</span>}
    </div>
  );
}

/** Words in the foot of a page: what is recorded, which device. */
export function FootNote({ icon: Icon, children }: { icon: LucideIcon; children: ReactNode }) {
  return (
    <>
      <Icon size={22} aria-hidden className="flex-none" />
      <span className="text-14 leading-[1.5] tablet:text-16">{children}</span>
    </>
  );
}

/** Codes that must be written down, in two columns of figures; the only thing that is printed. */
export function CodeSheet({ title, codes, note }: { title: string; codes: readonly string[]; note: string }) {
  return (
    <div data-print className="rounded-card border border-line bg-surface p-5">
      <p className="heading text-18">{title}</p>
      <ol className="mt-3 grid grid-cols-1 gap-x-8 gap-y-1 tablet:grid-cols-2">
        {codes.map((code, at) => (
          <li key={code} className="grid grid-cols-[2em_1fr] items-baseline border-b border-line-soft py-1.5">
            <span className="figures text-14 text-ink-2">{at + 1}</span>
            <code className="font-mono text-18 tracking-[.04em] whitespace-nowrap tablet:text-16">
              {code}
            </code>
          </li>
        ))}
      </ol>
      <p className="mt-3 text-14 text-ink-2">{note}</p>
    </div>
  );
}
