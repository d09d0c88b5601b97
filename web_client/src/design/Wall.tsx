/** The supervisor's wall: figures in one strip, tiles in a grid; what breaks a limit is red, first, and says what to do. */
import { type LucideIcon, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes';

export interface WallFigure {
  key: string;
  label: string;
  value: string;
  unit?: string;
  isRed?: boolean;
}

/** What is going on, in figures; the action stands at their end. */
export function WallFigures({
  label,
  figures,
  action,
}: {
  label: string;
  figures: readonly WallFigure[];
  action?: ReactNode;
}) {
  return (
    <section
      aria-label={label}
      className="flex flex-col overflow-hidden rounded-card border border-line bg-surface desk:flex-row"
    >
      <dl className="-mt-px -ml-px grid min-w-0 flex-1 grid-cols-2 tablet:grid-cols-4">
        {figures.map(({ key, label: words, value, unit, isRed }) => (
          <div key={key} className="border-t border-l border-line px-5 py-3">
            <dt className="text-14 leading-[1.4] text-ink-2">{words}</dt>
            <dd
              className={classes(
                'figures text-28 leading-[1.3] font-bold',
                isRed ? 'text-danger' : 'text-ink',
              )}
            >
              {value}
              {unit && <span className="ml-1 text-16 font-medium text-ink-2">{unit}</span>}
            </dd>
          </div>
        ))}
      </dl>
      {action && (
        <div className="grid place-items-center border-t border-line p-4 desk:border-t-0 desk:border-l desk:px-6">
          {action}
        </div>
      )}
    </section>
  );
}

/** Tiles beside each other, as many as there is room for. */
export function WallGrid({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul
      aria-label={label}
      className="grid grid-cols-1 items-stretch gap-4 tablet:grid-cols-2 desk:grid-cols-[repeat(auto-fill,minmax(290px,1fr))]"
    >
      {children}
    </ul>
  );
}

export interface WallTileProps {
  /** What is wrong, in one sentence; red while there is something. */
  breach?: string | undefined;
  /** Beside the sentence or alone: what goes on. */
  state: ReactNode;
  time: string;
  timeNote?: string | undefined;
  title: string;
  lines: readonly string[];
  /** How the lines carry, and who is in it. */
  foot: ReactNode;
  actions: ReactNode;
}

export function WallTile({ breach, state, time, timeNote, title, lines, foot, actions }: WallTileProps) {
  return (
    <li
      className={classes(
        'flex min-w-0 flex-col overflow-hidden rounded-card bg-surface',
        breach ? 'border-3 border-danger bg-danger-tint' : 'border border-line',
      )}
    >
      {breach && (
        <p className="flex items-center gap-2.5 bg-danger px-4 py-2.5 text-16 leading-[1.4] font-bold text-white">
          <TriangleAlert size={22} aria-hidden className="flex-none" />
          {breach}
        </p>
      )}
      <div className="flex flex-1 flex-col gap-2 px-4 py-3.5">
        <div className="flex min-h-8 flex-wrap items-center justify-between gap-2">
          {state}
          <span className="flex items-baseline gap-2">
            <span
              className={classes(
                'figures leading-[1.2] font-bold',
                breach ? 'text-32 text-danger' : 'text-20 text-ink',
              )}
            >
              {time}
            </span>
            {timeNote && <span className="figures text-14 text-ink-2">{timeNote}</span>}
          </span>
        </div>
        <h3 className="text-18 leading-[1.4]">{title}</h3>
        {lines.map((line) => (
          <p key={line} className="text-14 leading-[1.5] text-ink-2">
            {line}
          </p>
        ))}
        <div className="mt-auto pt-1">{foot}</div>
      </div>
      <div className="grid grid-cols-2 gap-2 border-t border-line p-3">{actions}</div>
    </li>
  );
}

/** How a line carries: bars and words, never colour alone. */
export function WallLine({
  icon: Icon,
  look,
  children,
}: {
  icon: LucideIcon;
  look: 'ok' | 'warn' | 'danger' | 'plain';
  children: ReactNode;
}) {
  const tones = { ok: 'text-ok-mid', warn: 'text-warn-mid', danger: 'text-danger', plain: 'text-ink-2' };
  return (
    <span className="flex items-center gap-2 text-14 leading-[1.4]">
      <Icon size={18} strokeWidth={2.5} aria-hidden className={classes('flex-none', tones[look])} />
      {children}
    </span>
  );
}
