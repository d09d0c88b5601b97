/**
 * What happened, one line each, the newest first: when, a round sign of what it is, and words. A boxed line is one
 * that somebody outside sees as well. `CaseRow` is one case in a list, all of it the way to its page.
 */
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { classes } from './classes';

export function Timeline({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ol aria-label={label} className="min-w-0">
      {children}
    </ol>
  );
}

export function TimelineRow({
  date,
  time,
  icon: Icon,
  title,
  tag,
  children,
  action,
  boxed = false,
}: {
  date: string;
  time: string;
  icon: LucideIcon;
  title: ReactNode;
  tag?: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  boxed?: boolean;
}) {
  return (
    <li className="group relative grid grid-cols-[36px_1fr] gap-x-3 tablet:grid-cols-[120px_36px_1fr] tablet:gap-x-4">
      <div className="order-2 pt-2 text-14 leading-[1.4] text-ink-2 tablet:order-none tablet:text-right">
        <span className="font-bold text-ink tablet:block tablet:text-16">{date}</span>{' '}
        <span className="figures">{time}</span>
      </div>
      <div className="order-1 row-span-2 flex flex-col items-center tablet:order-none tablet:row-span-1">
        <span className="grid size-9 flex-none place-items-center rounded-full border-2 border-line-control bg-surface text-ink-2">
          <Icon size={18} aria-hidden />
        </span>
        <span aria-hidden="true" className="w-0.5 flex-1 bg-line group-last:hidden" />
      </div>
      <div
        className={classes(
          'order-3 col-start-2 mb-4 min-w-0 tablet:order-none tablet:col-start-auto',
          boxed ? 'rounded-card border border-brand-line bg-brand-tint px-4 py-3' : 'pb-1 tablet:pt-1',
        )}
      >
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h3 className="min-w-0 text-16 leading-[1.5] tablet:text-18">{title}</h3>
          {tag}
        </div>
        {children && (
          <div className="text-14 leading-[1.6] break-words text-ink-2 tablet:text-16">{children}</div>
        )}
        {action && <div className="mt-2 flex flex-wrap gap-2">{action}</div>}
      </div>
    </li>
  );
}

/** What somebody wrote, with its line breaks. */
export function Said({ children }: { children: string }) {
  return <p className="text-16 leading-[1.7] whitespace-pre-wrap text-ink">{children}</p>;
}

export function CaseRow({
  to,
  title,
  number,
  lines,
  note,
  tag,
}: {
  to: string;
  title: string;
  number: string;
  lines: readonly string[];
  /** When it was changed last. */
  note?: string | undefined;
  tag: ReactNode;
}) {
  return (
    <li className="border-t border-line first:border-t-0">
      <Link
        to={to}
        className="grid min-h-20 grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1 px-4 py-3 no-underline focus-inside hover:bg-brand-tint tablet:px-5"
      >
        <span className="min-w-0">
          <span className="figures block text-14 leading-[1.5] text-ink-2">{number}</span>
          <span className="heading block text-18 leading-[1.4] text-brand-line underline underline-offset-4">
            {title}
          </span>
          {lines.map((line) => (
            <span key={line} className="block text-14 leading-[1.5] text-ink-2">
              {line}
            </span>
          ))}
        </span>
        <span className="flex flex-col items-end gap-1.5 self-start pt-1">
          {tag}
          {note && <span className="figures text-14 text-ink-2">{note}</span>}
        </span>
      </Link>
    </li>
  );
}
