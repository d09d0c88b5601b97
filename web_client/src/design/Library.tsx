/**
 * A library: filters, results and a page beside them. What was found is marked; each place is a button of its own,
 * and the arrow keys go from one to the next. Below desk width the filters and the page open over the results.
 */
import { ChevronRight, FileUp } from 'lucide-react';
import { type ComponentProps, type DragEvent, type ReactNode, useEffect, useState } from 'react';
import { classes } from './classes';

/** Three columns that scroll by themselves on desks; one under the other below that. */
export function LibraryFrame({
  header,
  filters,
  children,
  preview,
}: {
  header: ReactNode;
  filters: ReactNode;
  children: ReactNode;
  preview: ReactNode;
}) {
  return (
    <div className="flex min-h-dvh flex-col desk:h-dvh">
      {header}
      <main
        id="main"
        className="grid min-h-0 flex-1 desk:grid-cols-[248px_minmax(0,1fr)_minmax(380px,30%)] desk:grid-rows-1"
      >
        <div className="hidden min-h-0 overflow-y-auto border-r border-line bg-surface px-5 py-4 focus-inside desk:block">
          {filters}
        </div>
        <div className="flex min-h-0 min-w-0 flex-col gap-3 px-5 py-4 focus-inside desk:overflow-y-auto desk:px-6">
          {children}
        </div>
        <div className="hidden min-h-0 border-l border-line bg-surface desk:flex desk:flex-col">
          {preview}
        </div>
      </main>
    </div>
  );
}

/** A filter: values with how many documents there would be. */
export function FacetGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="min-w-0">
      <legend className="heading text-14 text-ink-2">{title}</legend>
      <div className="mt-1">{children}</div>
    </fieldset>
  );
}

export function FacetCheck({
  label,
  count,
  spoken,
  ...input
}: Omit<ComponentProps<'input'>, 'className' | 'style' | 'type'> & {
  label: string;
  count: number;
  /** The same count as a screen reader should say it. */
  spoken: string;
}) {
  return (
    <label className="flex min-h-11 cursor-pointer items-center gap-2.5 text-16">
      <input
        {...input}
        type="checkbox"
        className="size-6 flex-none appearance-none rounded-tag border-2 border-line-control bg-surface bg-center bg-no-repeat checked:border-brand checked:bg-brand checked:bg-[url(/check.svg)]"
      />
      <span className="min-w-0 flex-1 leading-[1.4]">{label}</span>
      <span className="figures text-14 text-ink-2" aria-hidden="true">
        {count}
      </span>
      <span className="sr-only">{spoken}</span>
    </label>
  );
}

/** The page of a document: what it is on top, the page in the middle, what to do with it below. */
export function PagePreview({
  heading,
  steppers,
  children,
  actions,
  inSheet = false,
}: {
  heading?: ReactNode;
  steppers: ReactNode;
  children: ReactNode;
  actions: ReactNode;
  inSheet?: boolean;
}) {
  return (
    <div
      className={classes(
        'flex min-h-0 min-w-0 flex-col',
        inSheet ? '-m-5 min-h-[calc(100%+40px)]' : 'flex-1',
      )}
    >
      <div className="flex-none border-b border-line px-5 py-2.5">
        {heading}
        <div className="figures flex min-h-11 flex-wrap items-center justify-between gap-x-3 text-14 text-ink-2">
          {steppers}
        </div>
      </div>
      <section
        className="min-h-72 flex-1 overflow-auto bg-line-soft p-4 focus-inside"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
      >
        {children}
      </section>
      <div className="flex flex-none flex-col gap-2 border-t border-line px-5 py-3">{actions}</div>
    </div>
  );
}

/** Which other words were looked for, and the way back; the way back keeps its place on the right. */
export function SearchNote({ children, action }: { children: ReactNode; action: ReactNode }) {
  return (
    <div className="flex flex-none flex-wrap items-center gap-x-4 text-14 text-ink-2 tablet:flex-nowrap tablet:justify-between">
      <p className="min-w-0">{children}</p>
      <div className="flex-none">{action}</div>
    </div>
  );
}

/** A page as paper; the grey paper keeps its place until the picture is there. */
export function PagePaper({
  src,
  alt,
  failed,
  large,
}: {
  src: string;
  alt: string;
  /** What to say where it cannot be drawn. */
  failed: ReactNode;
  /** Twice as wide as there is room: one scrolls. */
  large: boolean;
}) {
  const [broken, setBroken] = useState('');
  if (broken === src) return <div className="rounded-tag bg-surface shadow-1">{failed}</div>;
  return (
    <img
      key={src}
      src={src}
      alt={alt}
      onError={() => setBroken(src)}
      className={classes(
        'mx-auto block h-auto min-h-40 bg-surface shadow-1',
        large ? 'w-[220%] max-w-none' : 'w-full max-w-[900px]',
      )}
    />
  );
}

/** Files dropped anywhere in here are taken; the same is offered by a button for whoever cannot drag. */
export function DropArea({
  hint,
  onFiles,
  children,
}: {
  hint: string;
  onFiles: (files: File[]) => void;
  children: ReactNode;
}) {
  const [over, setOver] = useState(false);
  const has = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dragging only; the button beside does the same by keyboard
    <div
      className="relative flex min-w-0 flex-1 flex-col gap-3"
      onDragOver={(event) => {
        if (!has(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        if (!has(event)) return;
        event.preventDefault();
        setOver(false);
        onFiles([...event.dataTransfer.files]);
      }}
    >
      {children}
      {over && (
        <div className="absolute inset-0 z-10 flex flex-col items-center justify-center gap-3 rounded-card border-2 border-brand border-dashed bg-brand-tint-2 text-20 font-bold text-brand">
          <FileUp size={40} aria-hidden />
          {hint}
        </div>
      )}
    </div>
  );
}

/** How far something is, in a bar and in words. */
export function ProgressLine({ label, done, note }: { label: string; done: number | null; note: string }) {
  return (
    <div>
      <div className="flex items-baseline justify-between gap-3 text-16">
        <span className="min-w-0 truncate font-bold">{label}</span>
        <span className="figures flex-none text-14 text-ink-2">{note}</span>
      </div>
      <progress
        aria-label={label}
        max={1}
        value={done ?? undefined}
        className="mt-1.5 block h-2 w-full appearance-none overflow-hidden rounded-full bg-line-soft [&::-moz-progress-bar]:bg-brand [&::-webkit-progress-bar]:bg-line-soft [&::-webkit-progress-value]:bg-brand"
      />
    </div>
  );
}

const DESK = '(min-width: 1100px)';

/** Whether the page stands beside the results here, or opens over them. */
export function useBeside(): boolean {
  const [beside, setBeside] = useState(() => globalThis.matchMedia?.(DESK).matches ?? true);
  useEffect(() => {
    const media = globalThis.matchMedia?.(DESK);
    const change = () => setBeside(media?.matches ?? true);
    media?.addEventListener('change', change);
    return () => media?.removeEventListener('change', change);
  }, []);
  return beside;
}

/** Opens something over the results on phones and tablets; on desks it stands beside them already. */
export function BelowDesk({ children }: { children: ReactNode }) {
  return <div className="desk:hidden">{children}</div>;
}

/** A line that leads on: a version, a case. */
export function ChoiceRow({
  title,
  note,
  tag,
  busy = false,
  onChoose,
}: {
  title: ReactNode;
  note?: ReactNode;
  tag?: ReactNode;
  busy?: boolean;
  onChoose?: () => void;
}) {
  const body = (
    <>
      <span className="min-w-0 flex-1">
        <span className="block font-bold wrap-anywhere">{title}</span>
        {note && <span className="figures block text-14 text-ink-2">{note}</span>}
      </span>
      {tag}
      {onChoose && <ChevronRight size={20} aria-hidden className="flex-none text-ink-2" />}
    </>
  );
  const look = 'flex min-h-14 w-full items-center gap-3 px-4 py-2 text-left leading-[1.5]';
  return (
    <li className="border-t border-line-soft first:border-t-0">
      {onChoose ? (
        <button
          type="button"
          aria-busy={busy || undefined}
          onClick={busy ? undefined : onChoose}
          className={classes(look, 'focus-inside hover:bg-well')}
        >
          {body}
        </button>
      ) : (
        <div className={look}>{body}</div>
      )}
    </li>
  );
}

export function ChoiceRows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="overflow-hidden rounded-card border border-line bg-surface">
      {children}
    </ul>
  );
}
