/**
 * The residents' own page of public services: doors with a picture each, cards of records that say why they are there,
 * ranked lists, and things to tick off. A card of something nobody asked for is not drawn without its reason.
 */
import { ChevronRight, CircleHelp, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { classes } from './classes';
import { Furigana } from './Furigana';

export interface Door {
  to: string;
  icon: LucideIcon;
  text: string;
  /** A figure or a word under it. */
  note?: string | undefined;
}

/** Ways on, two beside each other on phones and three on wider screens. */
export function Doors({ label, doors }: { label: string; doors: readonly Door[] }) {
  return (
    <nav aria-label={label}>
      <ul className="grid grid-cols-2 gap-2.5 tablet:grid-cols-3">
        {doors.map(({ to, icon: Icon, text, note }) => (
          <li key={to} className="grid">
            <Link
              to={to}
              className="grid min-h-18 grid-cols-[28px_1fr] items-center gap-2 rounded-card border border-line-control bg-surface px-2.5 py-2.5 leading-[1.4] text-ink no-underline hover:bg-brand-tint"
            >
              <Icon size={28} strokeWidth={1.75} aria-hidden className="text-brand" />
              <span className="min-w-0">
                <span className="block text-18 leading-[1.35] font-bold [[data-language=ja-easy]_&]:leading-[1.7]">
                  <Furigana text={text} />
                </span>
                {note && <span className="block text-14 leading-[1.4] text-ink-2">{note}</span>}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** One of at most four doors of the simple page: large words, a large picture; the first one is filled. */
export function LargeDoor({ to, icon: Icon, text, note, filled = false }: Door & { filled?: boolean }) {
  const look = classes(
    'grid min-h-29 grid-cols-[52px_1fr_28px] items-center gap-5 rounded-sheet border-2 px-5 py-4 no-underline',
    filled
      ? 'border-brand bg-brand text-white hover:bg-brand-press'
      : 'border-line-control bg-surface text-ink hover:bg-brand-tint',
  );
  const inside = (
    <>
      <Icon size={52} strokeWidth={1.75} aria-hidden className={filled ? undefined : 'text-brand'} />
      <span className="min-w-0">
        <span className="heading block text-28 leading-[1.35] [[data-language=ja-easy]_&]:leading-[1.7]">
          <Furigana text={text} />
        </span>
        {note && (
          <span
            className={classes(
              'block text-18 leading-[1.45] [[data-language=ja-easy]_&]:leading-[1.9]',
              filled ? 'text-white' : 'text-ink-2',
            )}
          >
            <Furigana text={note} />
          </span>
        )}
      </span>
      <ChevronRight size={28} aria-hidden />
    </>
  );
  return /^(tel|https?):/.test(to) ? (
    <a href={to} className={look}>
      {inside}
    </a>
  ) : (
    <Link to={to} className={look}>
      {inside}
    </Link>
  );
}

export interface ServiceCardProps {
  to: string;
  /** Goes with the link: whether the page behind it may be kept in the history of the device. */
  state?: { quiet: boolean };
  title: string;
  summary: string;
  /** Until when, where, whose: a line each. */
  lines: readonly string[];
  /** In a word, beside the title. */
  tag?: ReactNode;
  /** Why it is shown, with the word before it. */
  why?: { label: string; text: string };
  level?: 'h2' | 'h3';
  children?: ReactNode;
}

/** One record in a list; its title is the link. */
export function ServiceCard({
  to,
  state,
  title,
  summary,
  lines,
  tag,
  why,
  level: Level = 'h3',
  children,
}: ServiceCardProps) {
  return (
    <article className="rounded-card border border-line bg-surface px-4 py-3.5 break-inside-avoid">
      <div className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1">
        <Level className="min-w-0 text-20 leading-[1.4]">
          <Link
            to={to}
            state={state}
            className="-my-1.5 inline-block min-h-11 py-1.5 underline-offset-4 print:text-ink print:no-underline"
          >
            <Furigana text={title} />
          </Link>
        </Level>
        {tag && <span className="pt-2">{tag}</span>}
      </div>
      {summary && (
        <p className="text-18 leading-[1.6]">
          <Furigana text={summary} />
        </p>
      )}
      {lines.filter(Boolean).map((line) => (
        <p key={line} className="text-16 leading-[1.6] text-ink-2">
          <Furigana text={line} />
        </p>
      ))}
      {why && (
        <p className="mt-2 flex items-start gap-2 border-t border-line pt-2 text-16 leading-[1.5]">
          <CircleHelp size={22} aria-hidden className="mt-0.5 flex-none text-brand" />
          <span>
            <strong className="mr-2">
              <Furigana text={why.label} />
            </strong>
            <Furigana text={why.text} />
          </span>
        </p>
      )}
      {children && <div className="mt-1 flex flex-wrap gap-x-4 gap-y-1 print:hidden">{children}</div>}
    </article>
  );
}

/** A record that nobody asked for: without a reason it is not drawn. */
export function ReasonedCard(props: ServiceCardProps & { why: { label: string; text: string } }) {
  return props.why.text.trim() ? <ServiceCard {...props} /> : null;
}

/** The first few of an order, with their rank. */
export function RankList({
  items,
}: {
  items: readonly { key: string; to: string; title: string; note: string }[];
}) {
  return (
    <ol className="rounded-card border border-line bg-surface px-4">
      {items.map(({ key, to, title, note }, at) => (
        <li key={key} className="grid grid-cols-[28px_1fr] gap-2 border-line py-2.5 not-first:border-t">
          <span aria-hidden className="figures heading pt-1 text-20 text-ink-2">
            {at + 1}
          </span>
          <span>
            <Link to={to} className="inline-block min-h-11 content-center text-18 leading-[1.4] font-bold">
              <Furigana text={title} />
            </Link>
            <span className="block text-16 text-ink-2">
              <Furigana text={note} />
            </span>
          </span>
        </li>
      ))}
    </ol>
  );
}

/** Something to see to: a box to tick, when it is due, and what is behind it. */
export function Errand({
  done,
  onDone,
  name,
  due,
  children,
}: {
  done: boolean;
  onDone: (done: boolean) => void;
  /** What the box is called when read out. */
  name: string;
  due: string;
  children: ReactNode;
}) {
  return (
    <li className="grid grid-cols-[44px_1fr] gap-1 break-inside-avoid">
      <label className="grid size-11 cursor-pointer place-items-center">
        <input
          type="checkbox"
          aria-label={name}
          checked={done}
          onChange={(event) => onDone(event.target.checked)}
          className="size-8 cursor-pointer appearance-none rounded-tag border-2 border-line-control bg-surface bg-center bg-no-repeat checked:border-brand checked:bg-brand checked:bg-[url(/check.svg)] print:size-6"
        />
      </label>
      <div className="min-w-0">
        <p className="mb-1 min-h-11 content-center text-18 leading-[1.4] font-bold text-brand">
          <Furigana text={due} />
        </p>
        {children}
      </div>
    </li>
  );
}

/** Labels with what stands behind them, one under the other, for pages and paper. */
export function RecordFacts({ facts }: { facts: readonly (readonly [label: string, value: string])[] }) {
  return (
    <dl className="border-t border-line">
      {facts.map(([label, value]) => (
        <div
          key={label}
          className="grid gap-x-4 border-b border-line py-2.5 break-inside-avoid tablet:grid-cols-[160px_1fr] print:grid-cols-[160px_1fr]"
        >
          <dt className="text-16 font-bold text-ink-2">
            <Furigana text={label} />
          </dt>
          <dd className="text-18 whitespace-pre-line">
            <Furigana text={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What has no use on paper. */
export function OnScreen({ children }: { children: ReactNode }) {
  return <div className="print:hidden">{children}</div>;
}

/** What only paper needs: where it comes from and when it was printed. */
export function OnPaper({ lines }: { lines: readonly string[] }) {
  return (
    <div className="hidden border-t border-ink pt-2 text-14 print:mt-4 print:block">
      {lines.filter(Boolean).map((line) => (
        <p key={line}>
          <Furigana text={line} />
        </p>
      ))}
    </div>
  );
}
