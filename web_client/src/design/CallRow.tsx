/** One call in a list: when, what, where and who, the state in a word, the way in when it is live. */
import type { ReactNode } from 'react';
import { classes } from './classes';
import { type Role, RoleLetter } from './NamePlate';
import { Tag } from './Tag';

export interface CallRowProps {
  time: string;
  /** Under the time: until when, or how long so far. */
  timeNote?: string;
  title: string;
  lines: readonly string[];
  tag: ReactNode;
  action?: ReactNode;
  live?: boolean;
}

export function CallRow({ time, timeNote, title, lines, tag, action, live = false }: CallRowProps) {
  return (
    <li
      className={classes(
        'grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1 border-t border-line px-4 py-3.5 first:border-t-0',
        'tablet:min-h-24 tablet:grid-cols-[minmax(84px,max-content)_1fr_auto] tablet:px-5',
        live && 'bg-brand-tint',
      )}
    >
      <div className="flex items-baseline gap-2 tablet:block">
        <div
          className={classes('figures text-20 font-bold leading-[1.3] tablet:text-22', live && 'text-brand')}
        >
          {time}
        </div>
        {timeNote && <div className="figures text-14 leading-[1.4] text-ink-2">{timeNote}</div>}
      </div>
      <div className="order-3 col-span-2 min-w-0 tablet:order-none tablet:col-span-1">
        <h3 className="text-18 leading-[1.4] tablet:text-20">{title}</h3>
        {lines.map((line) => (
          <p key={line} className="text-14 leading-[1.5] text-ink-2 tablet:text-16">
            {line}
          </p>
        ))}
      </div>
      <div className="contents tablet:flex tablet:items-center tablet:gap-4">
        <div className="justify-self-end">{tag}</div>
        {action && <div className="order-4 col-span-2 mt-2 grid tablet:mt-0">{action}</div>}
      </div>
    </li>
  );
}

/** The list around call rows. */
export function CallList({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="overflow-hidden rounded-card border border-line bg-surface">
      {children}
    </ul>
  );
}

/** A live call that asks for this person: what, where, who asks and who else; one blue way in. */
export function CallCard({
  banner,
  clock,
  title,
  children,
  side,
  actions,
  wide = false,
}: {
  banner: ReactNode;
  clock: string;
  title: string;
  children: ReactNode;
  side: ReactNode;
  actions: ReactNode;
  /** More than one action. */
  wide?: boolean;
}) {
  return (
    <article className="overflow-hidden rounded-sheet border-2 border-brand bg-surface shadow-2">
      <div className="flex items-center gap-3 bg-brand px-5 py-3 text-18 leading-[1.4] font-bold text-white tablet:px-6">
        {banner}
        <span className="figures ml-auto whitespace-nowrap">{clock}</span>
      </div>
      <div className="px-5 py-5 tablet:px-6">
        <h3 className="text-24 leading-[1.35] tablet:text-28">{title}</h3>
        <div className="mt-4 grid gap-x-8 gap-y-5 tablet:grid-cols-[1.1fr_1fr]">
          <div className="flex min-w-0 flex-col gap-4">{children}</div>
          <div className="min-w-0">{side}</div>
        </div>
      </div>
      <div
        className={classes(
          'grid gap-3 border-t border-line px-5 py-4 tablet:px-6',
          !wide && 'tablet:grid-cols-[minmax(300px,50%)]',
        )}
      >
        {actions}
      </div>
    </article>
  );
}

export interface Attendee {
  key: string;
  name: string;
  note: string;
  role: Role;
  joined: boolean;
}

/** Who belongs to a call, and who of them is in it now: in words, with the role letter. */
export function Attendees({
  title,
  people,
  joinedLabel,
  awayLabel,
}: {
  title: string;
  people: readonly Attendee[];
  joinedLabel: string;
  awayLabel: string;
}) {
  return (
    <div>
      <h4 className="text-16">{title}</h4>
      <ul className="mt-2 border-t border-line">
        {people.map((person) => (
          <li
            key={person.key}
            className="grid min-h-11 grid-cols-[max-content_1fr_auto] items-center gap-x-2.5 border-b border-line-soft py-1.5 last:border-b-0"
          >
            <RoleLetter role={person.role} />
            <span className="min-w-0 text-16 leading-[1.4]">
              {person.name} <span className="text-14 text-ink-2">{person.note}</span>
            </span>
            {person.joined ? <Tag look="ok">{joinedLabel}</Tag> : <Tag look="draft">{awayLabel}</Tag>}
          </li>
        ))}
      </ul>
    </div>
  );
}
