/**
 * Minutes (会議録) in the official form: the paper they are read, put right and printed on. Behind each sentence stands the
 * second it was said at: pressed on the screen, in brackets on paper.
 */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { classes } from './classes';

/** All that is printed of the page. */
export function MinutesPaper({
  title,
  number,
  tag,
  facts,
  action,
  children,
  foot,
}: {
  title: string;
  number: string;
  tag: ReactNode;
  /** 件名, 日時, 場所, 出席者, with their line breaks. */
  facts: readonly (readonly [label: string, value: string])[];
  /** Puts the facts right; stays behind on paper. */
  action?: ReactNode;
  children: ReactNode;
  foot: readonly string[];
}) {
  return (
    <article data-print className="min-w-0 rounded-card border border-line bg-surface p-5 tablet:p-8">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="figures text-14 text-ink-2">{number}</p>
        {tag}
      </div>
      <h1 className="heading mt-1 text-center text-28 tracking-[0.5em] tablet:text-32 [:lang(en)_&]:tracking-normal">
        {title}
      </h1>
      <dl className="mt-4 border-t-2 border-ink">
        {facts.map(([label, value]) => (
          <div
            key={label}
            className="grid grid-cols-[88px_1fr] border-b border-line text-16 tablet:grid-cols-[120px_1fr]"
          >
            <dt className="bg-well px-3 py-2 font-bold print:bg-transparent">{label}</dt>
            <dd className="min-w-0 px-3 py-2 wrap-anywhere whitespace-pre-line">{value}</dd>
          </div>
        ))}
      </dl>
      {action && <div className="mt-3 print:hidden">{action}</div>}
      {children}
      <div className="mt-6 flex flex-col gap-1 border-t border-line pt-3 text-14 text-ink-2">
        {foot.map((line) => (
          <p key={line} className="wrap-anywhere">
            {line}
          </p>
        ))}
      </div>
    </article>
  );
}

/** 議事, 決定事項, 宿題: a heading and its sentences. */
export function MinutesPart({
  title,
  empty,
  action,
  children,
}: {
  title: string;
  /** Said where there is no sentence. */
  empty: string | null;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="mt-6 min-w-0">
      <h2 className="border-b-2 border-ink pb-1 text-20">{title}</h2>
      {empty !== null && <p className="py-2 text-16 text-ink-2">{empty}</p>}
      <ol aria-label={title}>{children}</ol>
      {action && <div className="mt-2 print:hidden">{action}</div>}
    </section>
  );
}

/** One sentence with its second. `mark` says that nobody has confirmed the words, or that they may not be read. */
export function MinutesSentence({
  text,
  tone = 'plain',
  moment,
  speaker,
  to,
  hint,
  mark,
  printedMark,
  action,
}: {
  text: string;
  /** `out`: the words are not there; `text` says why. */
  tone?: 'plain' | 'out';
  /** 00:12:31 */
  moment: string;
  speaker: string;
  /** The place in the record where it is heard. */
  to: string;
  /** What pressing the second does. */
  hint: string;
  mark?: ReactNode;
  /** The same in words, for paper. */
  printedMark?: string | undefined;
  action?: ReactNode;
}) {
  return (
    <li className="grid min-w-0 grid-cols-[1fr_auto] items-start gap-x-2 border-b border-line-soft py-1.5 break-inside-avoid last:border-b-0 print:block print:border-b-0 print:py-1">
      <p
        className={classes(
          'min-w-0 py-1.5 text-16 leading-[1.7] wrap-anywhere whitespace-pre-line print:inline print:p-0',
          tone === 'out' && 'text-ink-2',
        )}
      >
        {printedMark && <span className="hidden print:inline">{printedMark}</span>}
        {text}{' '}
        <span className="hidden print:inline">
          （{moment}
          {speaker && ` ${speaker}`}）
        </span>
        <Link
          to={to}
          className="inline-flex min-h-8 items-center gap-1.5 rounded-control px-1 align-baseline text-14 text-brand-line underline underline-offset-4 print:hidden"
        >
          <span className="figures">{moment}</span>
          {speaker}
          <span className="sr-only">{hint}</span>
        </Link>{' '}
        {mark && <span className="inline-flex flex-wrap gap-1 print:hidden">{mark}</span>}
      </p>
      {action && <div className="flex-none print:hidden">{action}</div>}
    </li>
  );
}

/** Stays at the foot while there is something that is not kept yet. */
export function MinutesFoot({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section
      aria-label={label}
      className="sticky bottom-0 z-10 -mx-5 flex flex-wrap items-center gap-3 border-t border-line bg-surface px-5 pt-4 pb-[max(16px,env(safe-area-inset-bottom))] shadow-3 tablet:mx-0 tablet:rounded-card tablet:border tablet:p-4"
    >
      {children}
    </section>
  );
}
