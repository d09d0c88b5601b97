/**
 * Page frames and the few ways things stand beside each other. Screens are put together from these; widths,
 * gaps and breakpoints are decided here only.
 */
import type { ElementType, ReactNode } from 'react';
import { classes } from './classes';

const GAPS = { 1: 'gap-1', 2: 'gap-2', 3: 'gap-3', 4: 'gap-4', 6: 'gap-6', 8: 'gap-8' } as const;
export type Gap = keyof typeof GAPS;

/** One under the other. */
export function Stack({
  gap = 4,
  as: As = 'div',
  children,
}: {
  gap?: Gap;
  as?: ElementType;
  children: ReactNode;
}) {
  return <As className={classes('flex min-w-0 flex-col', GAPS[gap])}>{children}</As>;
}

/** Beside each other, wrapping. */
export function Row({
  gap = 3,
  justify = 'start',
  align = 'center',
  children,
}: {
  gap?: Gap;
  justify?: 'start' | 'between' | 'end' | 'center';
  align?: 'center' | 'start' | 'baseline';
  children: ReactNode;
}) {
  return (
    <div
      className={classes(
        'flex min-w-0 flex-wrap',
        GAPS[gap],
        { start: '', between: 'justify-between', end: 'justify-end', center: 'justify-center' }[justify],
        { center: 'items-center', start: 'items-start', baseline: 'items-baseline' }[align],
      )}
    >
      {children}
    </div>
  );
}

/** Equal columns that become one on phones. */
export function Columns({ count = 2, children }: { count?: 2 | 3; children: ReactNode }) {
  return (
    <div
      className={classes(
        'grid items-start gap-3 tablet:gap-4',
        count === 3 ? 'tablet:grid-cols-3' : 'tablet:grid-cols-2',
      )}
    >
      {children}
    </div>
  );
}

/** A page: header, the main part in one of three widths, an optional foot that stays at the bottom. */
export function Page({
  header,
  children,
  footer,
  width = 'wide',
}: {
  header?: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
  width?: 'form' | 'wide' | 'desk';
}) {
  return (
    <div className="flex min-h-dvh flex-col">
      {header}
      <main
        id="main"
        className={classes(
          'mx-auto flex w-full flex-1 flex-col gap-6 px-5 pt-5 pb-8 tablet:px-8 tablet:pt-6',
          { form: 'max-w-[624px]', wide: 'max-w-[960px]', desk: 'max-w-[1366px]' }[width],
        )}
      >
        {children}
      </main>
      {footer && (
        <footer className="flex flex-none items-center justify-center gap-3 border-t border-line bg-surface px-5 py-4 text-ink-2">
          {footer}
        </footer>
      )}
    </div>
  );
}

/** A wide part and a narrow part; on tablets and phones one under the other. */
export function Beside({ children, side }: { children: ReactNode; side: ReactNode }) {
  return (
    <div className="grid items-start gap-6 desk:grid-cols-[1fr_336px]">
      <div className="flex min-w-0 flex-col gap-6">{children}</div>
      <div className="flex min-w-0 flex-col gap-4">{side}</div>
    </div>
  );
}

/** White paper with a hairline. */
export function Card({
  children,
  pad = true,
  selected = false,
  as: As = 'div',
}: {
  children: ReactNode;
  /** `slim` for one line. */
  pad?: boolean | 'slim';
  selected?: boolean;
  as?: ElementType;
}) {
  return (
    <As
      className={classes(
        'min-w-0 overflow-hidden rounded-card bg-surface',
        selected ? 'border-2 border-brand' : 'border border-line',
        pad === true && 'p-5',
        pad === 'slim' && 'px-5 py-2',
      )}
    >
      {children}
    </As>
  );
}

/** A titled part of a page with room for one action on the right. */
export function Section({
  title,
  action,
  children,
  count,
}: {
  title: string;
  action?: ReactNode;
  count?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="min-w-0">
      <div className="mb-3 flex min-h-11 flex-wrap items-center justify-between gap-3">
        <h2 className="flex items-center gap-3 text-22">
          {title}
          {count}
        </h2>
        {action}
      </div>
      {children}
    </section>
  );
}

/** The title of a page and one sentence under it. */
export function Title({
  children,
  lead,
  hidden = false,
}: {
  children: ReactNode;
  lead?: ReactNode;
  /** For pages whose first block speaks for itself: the title is heard, not seen. */
  hidden?: boolean;
}) {
  if (hidden) return <h1 className="sr-only">{children}</h1>;
  return (
    <div>
      <h1 className="text-24 tablet:text-32">{children}</h1>
      {lead && <p className="mt-1 text-16 text-ink-2 tablet:text-18">{lead}</p>}
    </div>
  );
}

/** Text in one of the voices a screen may use. */
export function Words({
  voice = 'body',
  children,
  as: As = 'p',
}: {
  voice?: 'body' | 'large' | 'note' | 'strong' | 'figure';
  children: ReactNode;
  as?: ElementType;
}) {
  const looks = {
    body: 'text-16',
    large: 'text-18',
    note: 'text-14 text-ink-2',
    strong: 'text-18 font-bold',
    figure: 'figures text-24 font-bold',
  };
  return <As className={looks[voice]}>{children}</As>;
}

/** Label and value pairs in two aligned columns. */
export function Facts({ facts }: { facts: readonly (readonly [label: string, value: ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-2 text-16">
      {facts.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="pt-0.5 text-14 text-ink-2">{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Numbered instructions, each one thing to do. */
export function Steps({ steps }: { steps: readonly ReactNode[] }) {
  return (
    <ol className="grid gap-3">
      {steps.map((step, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the order is the identity
        <li key={at} className="grid grid-cols-[32px_1fr] items-start gap-3">
          <span
            aria-hidden="true"
            className="figures grid size-8 place-items-center rounded-full bg-ink text-16 font-bold text-white leading-none"
          >
            {at + 1}
          </span>
          <div className="pt-0.5">{step}</div>
        </li>
      ))}
    </ol>
  );
}

/** Opens to more words on press; for help that most people do not need. */
export function Disclosure({ summary, children }: { summary: string; children: ReactNode }) {
  return (
    <details className="group rounded-control">
      <summary className="min-h-11 cursor-pointer content-center rounded-control font-medium text-brand-line underline underline-offset-4">
        {summary}
      </summary>
      <div className="pt-2 pb-1">{children}</div>
    </details>
  );
}
