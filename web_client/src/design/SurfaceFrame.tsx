/**
 * Where people look at the same thing: light, so that documents keep their ink. Tools on top, pages at the side, the surface
 * in the middle, and at the foot which version it is. Fills the stage of a call.
 */
import { ChevronLeft, ChevronRight, type LucideIcon } from 'lucide-react';
import { type ReactNode, type Ref, useEffect, useRef } from 'react';
import { classes } from './classes';
import type { SurfaceSize } from './Drawing';
import { type Role, RoleLetter } from './NamePlate';

export function SurfaceFrame({
  label,
  tools,
  bands,
  pages,
  foot,
  children,
}: {
  label: string;
  tools: ReactNode;
  /** What must be known before anything else: who leads, who does not see this. */
  bands?: ReactNode;
  pages?: ReactNode;
  foot?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section aria-label={label} className="flex size-full flex-col bg-line-soft text-ink">
      <div className="flex-none border-b border-line bg-surface">{tools}</div>
      {bands}
      <div className="flex min-h-0 flex-1">
        {pages && (
          <div className="hidden w-33 flex-none overflow-y-auto border-r border-line bg-surface tablet:block">
            {pages}
          </div>
        )}
        {children}
      </div>
      {foot && (
        <div className="flex flex-none flex-wrap items-center gap-x-3 gap-y-1 border-t border-line bg-surface px-3 py-1.5 text-14 leading-[1.5]">
          {foot}
        </div>
      )}
    </section>
  );
}

/** The surface itself, which scrolls when it is larger than its place. What is inside fills one box. */
export function SurfaceSpace({
  zoom,
  label,
  spaceRef,
  children,
}: {
  zoom: number;
  label: string;
  spaceRef: Ref<HTMLElement>;
  children: ReactNode;
}) {
  return (
    <section
      ref={spaceRef}
      aria-label={label}
      tabIndex={zoom > 1 ? 0 : undefined}
      className="relative min-w-0 flex-1 overflow-auto focus-inside"
    >
      <div className="relative" style={{ width: `${zoom * 100}%`, height: `${zoom * 100}%` }}>
        <div className="absolute inset-2 tablet:inset-4">{children}</div>
      </div>
    </section>
  );
}

/** White paper of the surface's proportion, fitted as the marks over it are. */
export function Paper({ size: { width, height } }: { size: SurfaceSize }) {
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${width} ${height}`}
      className="absolute inset-0 size-full overflow-hidden drop-shadow-sm"
    >
      <rect width={width} height={height} fill="#ffffff" />
    </svg>
  );
}

/** The picture of a surface, fitted as the marks over it are. */
export function SurfacePicture({
  url,
  label,
  onShape,
}: {
  url: string;
  label: string;
  /** It can be seen; its own width and height. */
  onShape: (width: number, height: number) => void;
}) {
  return (
    <img
      src={url}
      alt={label}
      draggable={false}
      onLoad={({ currentTarget }) => onShape(currentTarget.naturalWidth, currentTarget.naturalHeight)}
      className="absolute inset-0 size-full object-contain select-none"
    />
  );
}

/** A surface as it was, in the flow of a page; what is drawn on it lies over its picture. */
export function KeptSurface({
  size: { width, height },
  children,
}: {
  size: SurfaceSize;
  children: ReactNode;
}) {
  return (
    <div
      className="relative mt-2 w-full overflow-hidden rounded-control border border-line bg-white"
      style={{ aspectRatio: `${width} / ${height}` }}
    >
      {children}
    </div>
  );
}

/** The pages in a column: the one that is looked at is framed, with who else looks at which. */
export function PageStrip({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ol aria-label={label} className="grid gap-1 p-2">
      {children}
    </ol>
  );
}

export function PageThumb({
  page,
  label,
  url,
  proportion,
  current,
  marks,
  people,
  onNear,
  onPress,
}: {
  page: number;
  label: string;
  url: string | null;
  /** Height by width. */
  proportion: number;
  current: boolean;
  /** What is drawn on it, as `ThumbMarks`. */
  marks?: ReactNode;
  /** Role letters of who is there. */
  people: ReactNode;
  /** It comes into sight. */
  onNear: () => void;
  onPress: () => void;
}) {
  const item = useRef<HTMLLIElement>(null);
  const near = useRef(onNear);
  useEffect(() => {
    const element = item.current;
    if (!element || typeof IntersectionObserver === 'undefined') return;
    const observer = new IntersectionObserver(
      (seen) => seen.some((each) => each.isIntersecting) && near.current(),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (current) item.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <li ref={item}>
      <button
        type="button"
        aria-label={label}
        aria-current={current ? 'page' : undefined}
        onClick={onPress}
        className="w-full rounded-control p-1 text-left hover:bg-well"
      >
        <span
          className={classes(
            'relative block w-full overflow-hidden rounded-tag border bg-white',
            current ? 'border-brand outline-2 outline-brand' : 'border-line',
          )}
          style={{ aspectRatio: `1 / ${proportion}` }}
        >
          {url && <img src={url} alt="" className="size-full object-contain" />}
          {marks}
        </span>
        <span className="flex min-h-7 items-center justify-between gap-1 pt-1 text-14">
          <span className="figures">{page}</span>
          <span className="flex flex-wrap justify-end gap-0.5">{people}</span>
        </span>
      </button>
    </li>
  );
}

/** What is drawn on a small picture. Seen, not read out: who it is from stands beside the large one. */
export function ThumbMarks({
  size: { width, height },
  fit = 'contain',
  children,
}: {
  size: SurfaceSize;
  fit?: 'contain' | 'cover';
  children: ReactNode;
}) {
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio={`xMidYMid ${fit === 'cover' ? 'slice' : 'meet'}`}
      className="pointer-events-none absolute inset-0 size-full overflow-hidden"
    >
      {children}
    </svg>
  );
}

/** A line over the surface: somebody leads, or not everybody sees this. */
export function SurfaceBand({
  icon: Icon,
  tone,
  children,
  action,
}: {
  icon: LucideIcon;
  tone: 'lead' | 'private';
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div
      role="status"
      className={classes(
        'flex flex-none flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-3 py-2 text-16 leading-[1.4]',
        tone === 'lead' ? 'bg-[#ffeee2] text-expert' : 'border-l-8 border-l-ink bg-surface font-bold',
      )}
    >
      <Icon size={22} aria-hidden className="flex-none" />
      <span className="min-w-0 flex-1 basis-40 text-ink">{children}</span>
      {action}
    </div>
  );
}

/** The page before, which one it is, the next. */
export function PageTurner({
  page,
  pages,
  before,
  next,
  now,
  onTurn,
}: {
  page: number;
  pages: number;
  before: string;
  next: string;
  /** Which page this is, as it is read out. */
  now: string;
  onTurn: (page: number) => void;
}) {
  const turn = (Icon: LucideIcon, label: string, to: number) => (
    <button
      type="button"
      aria-label={label}
      disabled={to < 1 || to > pages}
      onClick={() => onTurn(to)}
      className="grid size-11 flex-none place-items-center rounded-control border border-line-control hover:bg-well disabled:border-line-soft disabled:text-faint"
    >
      <Icon size={24} aria-hidden />
    </button>
  );
  return (
    <div className="flex flex-none items-center gap-2">
      {turn(ChevronLeft, before, page - 1)}
      <span aria-hidden="true" className="figures min-w-14 text-center text-16 font-bold">
        {page} / {pages}
      </span>
      <span role="status" className="sr-only">
        {now}
      </span>
      {turn(ChevronRight, next, page + 1)}
    </div>
  );
}

/** What is drawn here, in words: the drawing is never the only way to it. */
export function MarkLines({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="divide-y divide-line-soft">
      {children}
    </ul>
  );
}

export function MarkLine({
  role,
  title,
  who,
  note,
}: {
  role: Role;
  title: string;
  who: string;
  /** Who else sees it, when not everybody does. */
  note?: string | undefined;
}) {
  return (
    <li className="flex items-start gap-3 py-2.5">
      <RoleLetter role={role} />
      <div className="min-w-0">
        <p className="text-16 leading-[1.4] font-bold">{title}</p>
        <p className="text-14 leading-[1.5] text-ink-2">{[who, note].filter(Boolean).join('・')}</p>
      </div>
    </li>
  );
}

/** Title, version and date of what is looked at, and for whom it is. */
export function SurfaceFacts({
  title,
  facts,
  strong,
  note,
}: {
  title: string;
  facts: readonly string[];
  strong: string;
  note?: string;
}) {
  return (
    <div className="mt-5 border-t border-line pt-3 text-14 leading-[1.6]">
      <p className="font-bold">{title}</p>
      <p>
        {facts.filter(Boolean).join('・')}・<strong>{strong}</strong>
      </p>
      {note && <p className="text-ink-2">{note}</p>}
    </div>
  );
}

/** A document that can be shown: what it is, for whom, and the button. */
export function DocumentChoice({
  title,
  facts,
  tag,
  note,
  action,
}: {
  title: string;
  facts: readonly string[];
  tag: ReactNode;
  note?: string | undefined;
  action: ReactNode;
}) {
  return (
    <section aria-label={title} className="flex items-start gap-3 border-b border-line pb-3">
      <div className="min-w-0 flex-1">
        <p className="text-16 leading-[1.4] font-bold">{title}</p>
        <p className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-14 leading-[1.5] text-ink-2">
          {tag}
          {facts.filter(Boolean).join('・')}
        </p>
        {note && <p className="text-14 leading-[1.5]">{note}</p>}
      </div>
      {action}
    </section>
  );
}

/** Which version of what this is and for whom, in one line beside the other controls. */
export function SurfaceTitle({ title, label, tag }: { title: string; label: string; tag: ReactNode }) {
  return (
    <p className="flex min-w-0 flex-1 basis-48 flex-wrap items-center gap-x-2 gap-y-0.5">
      <span className="min-w-0 truncate font-bold">{title}</span>
      <span className="flex-none">{label}</span>
      {tag}
    </p>
  );
}
