/** A decision (判断記録): the paper it is read and printed on, and the foot where it is approved, always in reach. */
import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';

/** What was decided, large; on paper it is all there is of the page. */
export function DecisionPaper({
  number,
  what,
  tag,
  children,
}: {
  number: string;
  what: string;
  tag: ReactNode;
  children: ReactNode;
}) {
  return (
    <article data-print className="min-w-0 rounded-card border border-line bg-surface p-5 tablet:p-7">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="figures min-w-0 text-14 text-ink-2 tablet:text-16">{number}</p>
        {tag}
      </div>
      <h1 className="heading mt-1.5 text-22 leading-[1.5] wrap-anywhere whitespace-pre-line tablet:text-28">
        {what}
      </h1>
      <div className="mt-4 flex min-w-0 flex-col gap-4">{children}</div>
    </article>
  );
}

/** Decisions under one another. */
export function DecisionRows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="overflow-hidden rounded-card border border-line bg-surface">
      {children}
    </ul>
  );
}

/** One of them, all of it the way to it: how it stands first, then what, then who and when. */
export function DecisionRow({
  tag,
  number,
  what,
  lines,
  onOpen,
}: {
  tag: ReactNode;
  number: string;
  what: string;
  lines: readonly string[];
  onOpen: () => void;
}) {
  return (
    <li className="border-t border-line first:border-t-0">
      <button
        type="button"
        onClick={onOpen}
        className="grid w-full grid-cols-[1fr_24px] items-center gap-x-3 px-4 py-3 text-left focus-inside hover:bg-brand-tint tablet:px-5"
      >
        <span className="min-w-0">
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            {tag}
            <span className="figures text-14 text-ink-2">{number}</span>
          </span>
          <span className="heading mt-1 block text-18 leading-[1.4] wrap-anywhere">{what}</span>
          {lines.map((line) => (
            <span key={line} className="block text-14 leading-[1.5] text-ink-2">
              {line}
            </span>
          ))}
        </span>
        <ChevronRight size={24} aria-hidden className="text-ink-2" />
      </button>
    </li>
  );
}

/** A part of it with a small heading. */
export function DecisionPart({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="min-w-0 break-inside-avoid">
      <h2 className="text-14 font-medium text-ink-2">{title}</h2>
      <div className="text-16 leading-[1.7] wrap-anywhere whitespace-pre-line">{children}</div>
    </section>
  );
}

/** What can be heard of it, in a box of its own; not on paper. */
export function DecisionSound({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="min-w-0 rounded-card border border-line p-3 tablet:p-4 print:hidden">
      <h2 className="mb-2 text-14 font-medium text-ink-2">{title}</h2>
      {children}
    </section>
  );
}

/** Stays at the foot of what scrolls while there is something to decide. */
export function DecisionFoot({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section
      aria-label={label}
      className="sticky bottom-0 z-10 -mx-5 -mb-8 border-t border-line bg-surface px-5 pt-4 pb-[max(16px,env(safe-area-inset-bottom))] shadow-3 tablet:mx-0 tablet:mb-0 tablet:rounded-card tablet:border tablet:p-5"
    >
      {children}
    </section>
  );
}

/** Two answers of one size, beside each other. */
export function TwoAnswers({ children }: { children: ReactNode }) {
  return <div className="grid auto-cols-fr grid-flow-col gap-3">{children}</div>;
}

/** A hash, in the small figures of the foot of a paper. */
export function Digest({ children }: { children: string }) {
  return <span className="figures text-14 break-all text-ink-2">{children}</span>;
}
