/** Looking for a document and what was found: the box, the hits, and the places on their pages. */
import { type LucideIcon, X } from 'lucide-react';
import type { ComponentProps, KeyboardEvent, ReactNode } from 'react';
import { IconButton } from './Button';
import { classes } from './classes';

/** What one looks for, and how much there is of it, in one box. */
export function SearchBar({
  label,
  icon: Icon,
  note,
  clear,
  onClear,
  ...input
}: Omit<ComponentProps<'input'>, 'className' | 'style' | 'size'> & {
  label: string;
  icon: LucideIcon;
  /** How much was found. */
  note?: ReactNode;
  clear: string;
  onClear: () => void;
}) {
  return (
    <>
      <search className="flex min-h-13 flex-none items-center gap-2 rounded-control border-2 border-brand bg-surface pl-4">
        <Icon size={26} aria-hidden className="flex-none" />
        <input
          {...input}
          type="search"
          aria-label={label}
          placeholder={label}
          enterKeyHint="search"
          className="min-h-12 min-w-0 flex-1 appearance-none rounded-control bg-transparent px-1 text-20 font-bold placeholder:text-16 placeholder:font-normal placeholder:text-ink-3 [&::-webkit-search-cancel-button]:hidden"
        />
        {note && (
          <span className="figures hidden flex-none pr-2 text-14 text-ink-2 tablet:inline">{note}</span>
        )}
        {input.value ? <IconButton icon={X} label={clear} onClick={onClear} /> : null}
      </search>
      {note && <p className="figures -mt-1 text-14 text-ink-2 tablet:hidden">{note}</p>}
    </>
  );
}

/** Text in which ranges (in characters, as the server counts) are marked. */
export function Marked({ text, marks }: { text: string; marks: readonly (readonly [number, number])[] }) {
  const characters = Array.from(text);
  const pieces: ReactNode[] = [];
  let at = 0;
  for (const [from, to] of marks) {
    pieces.push(characters.slice(at, from).join(''));
    pieces.push(
      <mark key={from} className="bg-mark text-ink">
        {characters.slice(from, to).join('')}
      </mark>,
    );
    at = to;
  }
  pieces.push(characters.slice(at).join(''));
  return pieces;
}

/** Arrow keys go from one place to the next, across documents. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const places = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-place]')];
  const at = places.indexOf(document.activeElement as HTMLElement);
  const next = places[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

export function HitList({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} onKeyDown={walk} className="flex flex-col gap-3">
      {children}
    </ul>
  );
}

export interface HitPlace {
  key: string;
  /** Which page, for example 16枚目. */
  page: string;
  words: ReactNode;
  current: boolean;
  onOpen: () => void;
}

/** A document that was found: what it is, and where it says it. */
export function HitCard({
  title,
  tag,
  facts,
  note,
  selected,
  places,
  more,
  onOpen,
}: {
  title: ReactNode;
  tag: ReactNode;
  facts: string;
  /** For example that it is still being read. */
  note?: ReactNode;
  selected: boolean;
  places: readonly HitPlace[];
  more?: string | undefined;
  onOpen: () => void;
}) {
  return (
    <li
      className={classes(
        'relative overflow-hidden rounded-card bg-surface',
        selected ? 'border-2 border-brand' : 'border border-line p-px',
      )}
    >
      <button
        type="button"
        data-place
        aria-pressed={selected}
        onClick={onOpen}
        className="block w-full px-4 pt-3 pb-2 text-left focus-inside hover:bg-well"
      >
        <span className="flex items-start justify-between gap-3">
          <span className="heading min-w-0 text-18 leading-[1.45]">{title}</span>
          {tag}
        </span>
        <span className="figures mt-0.5 block text-14 text-ink-2">{facts}</span>
        {note && <span className="mt-1.5 block">{note}</span>}
      </button>
      {places.length > 0 && (
        <ul className="px-1 pb-1">
          {places.map((place) => (
            <li key={place.key} className="border-t border-line-soft">
              <button
                type="button"
                data-place
                aria-current={place.current || undefined}
                onClick={place.onOpen}
                className={classes(
                  'grid min-h-11 w-full grid-cols-[max-content_1fr] gap-x-4 rounded-tag px-3 py-2 text-left leading-[1.6] focus-inside tablet:grid-cols-[72px_1fr]',
                  place.current ? 'bg-brand-tint' : 'hover:bg-well',
                )}
              >
                <span className="figures font-bold whitespace-nowrap text-brand-line underline underline-offset-4">
                  {place.page}
                </span>
                <span className="min-w-0 wrap-anywhere">{place.words}</span>
              </button>
            </li>
          ))}
          {more && <li className="figures px-3 pb-2 text-14 text-ink-2">{more}</li>}
        </ul>
      )}
    </li>
  );
}
