/** Lists of people in a panel: who, what they are here, their state in words, one action. */
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes';
import { Portrait, type Role, RoleLetter } from './NamePlate';

export function PeopleList({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="border-t border-line">
      {children}
    </ul>
  );
}

export interface PersonState {
  icon: LucideIcon;
  words: string;
  tone?: 'plain' | 'warn' | 'ok';
}

const TONES = { plain: 'text-ink-2', warn: 'font-bold text-warn', ok: 'text-ok' };

export function PersonRow({
  name,
  role,
  lines,
  states = [],
  tag,
  action,
  below,
  faded = false,
}: {
  name: string;
  role: Role;
  lines: readonly string[];
  states?: readonly PersonState[];
  tag?: ReactNode;
  action?: ReactNode;
  /** Under the words, for more than one action. */
  below?: ReactNode;
  /** Not here yet. */
  faded?: boolean;
}) {
  return (
    <li className="flex items-center gap-3 border-b border-line py-3">
      <Portrait name={name} role={role} size="small" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-16 leading-[1.4] font-bold">
          <RoleLetter role={role} />
          <span className={classes('min-w-0', faded && 'text-ink-2')}>{name}</span>
          {tag}
        </p>
        {lines.length > 0 && <p className="text-14 leading-[1.5] text-ink-2">{lines.join('・')}</p>}
        {states.length > 0 && (
          <p className="mt-0.5 flex flex-wrap gap-x-4 gap-y-0.5 text-14 leading-[1.5]">
            {states.map(({ icon: Icon, words, tone = 'plain' }) => (
              <span key={words} className={classes('inline-flex items-center gap-1.5', TONES[tone])}>
                <Icon size={18} aria-hidden className="flex-none" />
                {words}
              </span>
            ))}
          </p>
        )}
        {below && <div className="mt-2 flex flex-wrap gap-2">{below}</div>}
      </div>
      {action}
    </li>
  );
}

/** Title of a panel with one action. */
export function PanelHead({ title, action }: { title: string; action?: ReactNode }) {
  return (
    <div className="flex min-h-16 flex-none flex-wrap items-center justify-between gap-3 pt-2 pb-2">
      <h2 className="text-18">{title}</h2>
      {action}
    </div>
  );
}

/** The scrolling part of a panel. */
export function PanelBody({ children }: { children: ReactNode }) {
  return <div className="min-h-0 flex-1 px-4 pb-4">{children}</div>;
}

export function PanelSubhead({ children }: { children: ReactNode }) {
  return <h3 className="pt-5 pb-2 text-16">{children}</h3>;
}
