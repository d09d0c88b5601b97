/** A notice on the page: what happened and what still works. `live` says it to screen readers when it appears. */
import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes';

export type NoticeLook = 'info' | 'ok' | 'warn' | 'danger';

const LOOKS: Record<NoticeLook, { frame: string; icon: string; sign: LucideIcon }> = {
  info: { frame: 'border-brand-line bg-brand-tint', icon: 'text-brand', sign: Info },
  ok: { frame: 'border-ok-mid bg-ok-tint', icon: 'text-ok-mid', sign: CircleCheck },
  warn: { frame: 'border-warn-line bg-warn-tint', icon: 'text-warn-mid', sign: TriangleAlert },
  danger: { frame: 'border-danger bg-danger-tint', icon: 'text-danger', sign: CircleAlert },
};

export function Notice({
  look = 'info',
  title,
  children,
  action,
  icon,
  live = false,
}: {
  look?: NoticeLook;
  title?: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  icon?: LucideIcon;
  live?: boolean;
}) {
  const { frame, icon: tone, sign } = LOOKS[look];
  const Icon = icon ?? sign;
  return (
    <div
      role={live ? (look === 'danger' ? 'alert' : 'status') : undefined}
      className={classes('flex gap-3.5 rounded-card border p-4 leading-[1.6] text-ink', frame)}
    >
      <Icon size={24} aria-hidden className={classes('mt-px flex-none', tone)} />
      <div className="flex min-w-0 flex-1 flex-col justify-center gap-x-4 gap-y-3 tablet:flex-row tablet:flex-wrap tablet:items-center">
        <div className="min-w-0 tablet:flex-1 tablet:basis-60">
          {title && <p className="font-bold">{title}</p>}
          {children && <div>{children}</div>}
        </div>
        {action && <div className="flex flex-wrap gap-2">{action}</div>}
      </div>
    </div>
  );
}

/** The state in words, in one line under or above what it is about. */
export function StatusLine({
  look = 'ok',
  icon: Icon,
  children,
  live = false,
}: {
  look?: 'ok' | 'warn' | 'danger' | 'plain';
  icon: LucideIcon;
  children: ReactNode;
  live?: boolean;
}) {
  const tone = { ok: 'text-ok-mid', warn: 'text-warn-mid', danger: 'text-danger', plain: 'text-ink-2' }[look];
  return (
    <div role={live ? 'status' : undefined} className="flex items-center gap-2.5 text-16 leading-[1.5]">
      <Icon size={24} aria-hidden className={classes('flex-none', tone)} />
      <span className="min-w-0">{children}</span>
    </div>
  );
}
