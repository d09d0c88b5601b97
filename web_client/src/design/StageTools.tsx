/** What can be done with the pictures on the stage: small dark plates with icon and word, and the bar of pens. */
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes';

export function StageChips({ tall, children }: { tall: boolean; children: ReactNode }) {
  return <div className={classes('flex gap-2', tall ? 'flex-col items-start' : 'flex-wrap')}>{children}</div>;
}

export function StageChip({
  icon: Icon,
  label,
  pressed,
  onClick,
}: {
  icon: LucideIcon;
  label: string;
  pressed?: boolean;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onClick}
      className={classes(
        'flex min-h-11 items-center gap-2 rounded-control border px-3 text-16 leading-[1.2] font-bold',
        pressed
          ? 'border-white bg-white text-ink'
          : 'border-stage-line bg-[rgb(0_0_0/0.82)] text-white hover:bg-stage-3',
      )}
    >
      <Icon size={22} aria-hidden className="flex-none" />
      {label}
    </button>
  );
}

/** The pens over a running picture, on white, and the ways to end. */
export function StageTools({ children, actions }: { children: ReactNode; actions: ReactNode }) {
  return (
    <div className="w-full overflow-hidden rounded-card bg-surface text-ink shadow-2">
      {children}
      <div className="flex flex-wrap gap-2 border-t border-line-soft px-3 py-2">{actions}</div>
    </div>
  );
}
