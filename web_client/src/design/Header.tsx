/**
 * The bars on top: of staff pages (mark, sections, who), and of pages for residents (the office's own name).
 * What a bar shows is decided by its width in rem, so that larger text leaves things out as a narrower screen does.
 */
import { Landmark, LogOut } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, NavLink } from 'react-router';
import { classes } from './classes';
import { type Plate, Portrait } from './NamePlate';

export function Mark({ short = false }: { short?: boolean }) {
  return (
    <span className="inline-flex flex-none items-center gap-2.5 text-18 leading-none font-bold tracking-[.04em] whitespace-nowrap text-ink">
      <svg
        viewBox="0 0 28 28"
        width="28"
        height="28"
        fill="none"
        stroke="currentColor"
        strokeWidth="3"
        aria-hidden="true"
        className="text-brand"
      >
        <path d="M2 9V2h7M19 2h7v7M26 19v7h-7M9 26H2v-7" />
        <path d="M14 7.5v13M7.5 14h13" strokeWidth="2" />
        <circle cx="14" cy="14" r="3.6" fill="#fff" strokeWidth="2.4" />
      </svg>
      <span className={classes(short && 'hidden @min-[30rem]:inline')}>Genba 現場</span>
    </span>
  );
}

export interface BarSection {
  to: string;
  label: string;
}

/** Lets keyboard users pass the bar; visible when focused. */
function SkipLink() {
  const { t } = useTranslation('app');
  return (
    <a
      href="#main"
      className="sr-only z-40 bg-surface font-bold focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:p-3"
    >
      {t('skip')}
    </a>
  );
}

export function TopBar({
  person,
  sections = [],
  children,
  aside,
}: {
  person?: Plate;
  sections?: readonly BarSection[];
  /** Between the mark and the person: the date, a search box. */
  children?: ReactNode;
  /** After the person: menu, sign out. */
  aside?: ReactNode;
}) {
  const { t } = useTranslation('app');
  return (
    <header className="@container relative flex min-h-14 flex-none flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-surface px-5 tablet:min-h-18 tablet:px-8 desk:min-h-14">
      <SkipLink />
      <Link
        to="/"
        aria-label={t('toHome')}
        className="-ml-2 flex min-h-11 flex-none items-center rounded-control px-2 no-underline"
      >
        <Mark short={person !== undefined} />
      </Link>
      {sections.length > 0 && (
        <nav
          aria-label={t('sections')}
          className="order-last -mx-3.5 flex w-full flex-wrap self-stretch @min-[46rem]:order-none @min-[46rem]:mx-0 @min-[46rem]:ml-2 @min-[46rem]:w-auto"
        >
          {sections.map((section) => (
            <NavLink
              key={section.to}
              to={section.to}
              className={({ isActive }) =>
                classes(
                  'relative flex min-h-11 items-center px-3.5 whitespace-nowrap no-underline after:absolute after:inset-x-2.5 after:bottom-0 after:h-1 after:rounded-t-[2px]',
                  isActive ? 'font-bold text-brand after:bg-brand' : 'font-medium text-ink-2',
                )
              }
            >
              {section.label}
            </NavLink>
          ))}
        </nav>
      )}
      <div className="ml-auto flex min-w-0 items-center justify-end gap-3 py-1 tablet:gap-4">
        {children}
        {person && (
          <span className="flex min-w-0 items-center gap-2.5">
            <span className="hidden @min-[30rem]:inline-flex">
              <Portrait name={person.name} role={person.role} size="small" />
            </span>
            <span className="min-w-0 leading-[1.3]">
              <span className="block truncate font-bold">{person.name}</span>
              <span className="hidden truncate text-14 text-ink-2 @min-[30rem]:block">
                {person.office ?? person.post}
              </span>
            </span>
          </span>
        )}
        {aside}
      </div>
    </header>
  );
}

/** Date and time in the bar; the date leaves first when the bar is narrow. */
export function TopBarClock({ date, time }: { date: string; time: string }) {
  return (
    <span className="figures hidden text-18 font-bold whitespace-nowrap @min-[44rem]:inline">
      {date} {time}
    </span>
  );
}

/** A few words in the bar that leave when it is narrow: whose installation this is. */
export function TopBarNote({ children }: { children: ReactNode }) {
  return <span className="hidden text-14 whitespace-nowrap text-ink-2 @min-[22rem]:inline">{children}</span>;
}

/** Leaves the building; a word on tablets and desks, spoken everywhere. */
export function SignOutButton({ onPress }: { onPress: () => void }) {
  const { t } = useTranslation('app');
  return (
    <button
      type="button"
      onClick={onPress}
      aria-label={t('signOut')}
      className="flex min-h-11 min-w-11 flex-none items-center justify-center gap-2 rounded-control px-2 text-14 font-medium text-ink-2 hover:bg-well"
    >
      <LogOut size={22} aria-hidden />
      <span className="hidden @min-[64rem]:inline">{t('signOut')}</span>
    </button>
  );
}

/** Pages for residents: the office that speaks, never our product. The crest slot takes the office's own. */
export function OfficeHeader({
  organisation,
  office,
  crest,
  aside,
}: {
  organisation: string;
  office?: string;
  crest?: ReactNode;
  aside?: ReactNode;
}) {
  return (
    <header className="flex min-h-16 flex-none items-center gap-3 border-b border-line bg-surface px-5 py-2">
      <span className="flex-none text-brand">
        {crest ?? <Landmark size={40} strokeWidth={1.75} aria-hidden />}
      </span>
      <span className="heading min-w-0 flex-1 text-18 leading-[1.35]">
        {office && <span className="block text-14 font-medium text-ink-2">{organisation}</span>}
        {office ?? organisation}
      </span>
      {aside}
    </header>
  );
}
