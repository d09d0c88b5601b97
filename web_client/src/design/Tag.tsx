/** A state in one or two words; never pressed. Dashed = by machine, planned or not yet approved. */
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes';

export type TagLook = 'plain' | 'info' | 'ok' | 'warn' | 'danger' | 'solid' | 'recording' | 'draft';

const LOOKS: Record<TagLook, string> = {
  plain: 'text-ink-2 border-line-control bg-surface',
  info: 'text-brand border-brand-line bg-brand-tint',
  ok: 'text-ok border-ok-mid bg-ok-tint',
  warn: 'text-warn border-warn-line bg-warn-tint',
  danger: 'text-danger border-danger bg-danger-tint',
  solid: 'text-white border-ink bg-ink',
  recording: 'text-white border-danger bg-danger',
  draft: 'text-ink-2 border-line-control border-dashed bg-surface',
};

export function Tag({
  look = 'plain',
  icon: Icon,
  large = false,
  children,
}: {
  look?: TagLook;
  icon?: LucideIcon;
  large?: boolean;
  children: ReactNode;
}) {
  return (
    <span
      className={classes(
        'inline-flex flex-none items-center gap-1.5 whitespace-nowrap rounded-tag border font-bold leading-none',
        large ? 'min-h-[2em] px-2.5 text-16' : 'min-h-[1.86em] px-2 text-14',
        LOOKS[look],
      )}
    >
      {look === 'recording' && <span className="size-2.5 rounded-full bg-white" />}
      {Icon && <Icon size={16} strokeWidth={2.5} aria-hidden />}
      {children}
    </span>
  );
}

/** A number in a round frame: how many. `label` says of what for those who hear it. */
export function Count({ value, label, quiet = false }: { value: number; label: string; quiet?: boolean }) {
  return (
    <span
      className={classes(
        'figures inline-grid h-[1.7em] min-w-[1.7em] flex-none place-items-center rounded-full px-1.5 text-14 font-bold leading-none',
        quiet ? 'bg-line-soft text-ink' : 'bg-ink text-white',
      )}
    >
      <span aria-hidden="true">{value}</span>
      <span className="sr-only">{label}</span>
    </span>
  );
}
