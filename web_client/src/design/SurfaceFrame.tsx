/**
 * Where people look at the same thing: light, so that documents keep their ink. Tools on top, pages at the side, the surface
 * in the middle, and at the foot which version it is. Fills the stage of a call.
 */
import { ChevronLeft, ChevronRight, type LucideIcon, ZoomIn, ZoomOut } from 'lucide-react';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { classes } from './classes';
import type { Ink, SurfaceSize } from './Drawing';

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
        <div className="flex flex-none flex-wrap items-center gap-x-4 gap-y-1 border-t border-line bg-surface px-3 py-1.5 text-14 leading-[1.5]">
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
  children,
}: {
  zoom: number;
  label: string;
  children: ReactNode;
}) {
  return (
    <section
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

/** A picture as a surface; its own size is told as soon as it is known. */
export function SurfacePicture({
  url,
  words,
  onSize,
}: {
  url: string;
  words: string;
  onSize: (size: SurfaceSize) => void;
}) {
  return (
    <img
      src={url}
      alt={words}
      onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) =>
        onSize({ width, height })
      }
      className="absolute inset-0 size-full object-contain"
    />
  );
}

/** The tools over a surface, in as many rows as they need, with the choices of the one in hand under them. */
export function PenBar({
  label,
  children,
  end,
  more,
}: {
  label: string;
  children: ReactNode;
  end?: ReactNode;
  more?: ReactNode;
}) {
  return (
    <div>
      <div className="flex items-center gap-2 px-2 py-1.5">
        <div role="toolbar" aria-label={label} className="flex min-w-0 flex-1 flex-wrap gap-1">
          {children}
        </div>
        {end && <div className="flex flex-none items-center gap-1">{end}</div>}
      </div>
      {more && (
        <div className="flex flex-wrap items-center gap-2 border-t border-line-soft px-3 py-2">{more}</div>
      )}
    </div>
  );
}

export interface PenButtonProps extends Omit<ComponentProps<'button'>, 'className' | 'style' | 'children'> {
  icon: LucideIcon;
  label: ReactNode;
  pressed?: boolean;
  /** For residents. */
  large?: boolean;
}

/** A tool: icon over word; the one in hand is tinted and its word bold. */
export function PenButton({ icon: Icon, label, pressed, large = false, ...rest }: PenButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-pressed={pressed}
      className={classes(
        'flex flex-col items-center justify-center gap-0.5 rounded-control px-1.5 leading-[1.2] disabled:text-faint',
        large ? 'min-h-16 min-w-18 text-16' : 'min-h-13 min-w-14 text-14',
        pressed ? 'bg-brand-tint-2 font-bold text-brand' : 'font-medium text-ink hover:bg-well',
      )}
    >
      <Icon size={large ? 28 : 24} aria-hidden />
      <span>{label}</span>
    </button>
  );
}

const SWATCHES: Record<Ink, string> = {
  orange: 'bg-[#c74700]',
  red: 'bg-[#ce0000]',
  blue: 'bg-[#0055ad]',
  green: 'bg-[#197a4b]',
  purple: 'bg-[#5109ad]',
  black: 'bg-[#1a1a1a]',
};

/** The colour in hand, which opens the choice of colours. */
export function InkButton({
  ink,
  label,
  open,
  onClick,
}: {
  ink: Ink;
  label: ReactNode;
  open: boolean;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      aria-expanded={open}
      onClick={onClick}
      className="flex min-h-13 min-w-14 flex-col items-center justify-center gap-0.5 rounded-control px-1.5 text-14 leading-[1.2] font-medium hover:bg-well"
    >
      <span
        aria-hidden="true"
        className={classes('size-6 rounded-full border-2 border-white outline-2 outline-ink', SWATCHES[ink])}
      />
      <span>{label}</span>
    </button>
  );
}

export interface PenChoice<K extends string> {
  readonly key: K;
  readonly label: string;
  readonly ink?: Ink;
}

/** One of a few, all visible: colours by name, shapes, stamps, widths. */
export function PenChoices<K extends string>({
  label,
  choices,
  selected,
  onSelect,
}: {
  label: string;
  choices: readonly PenChoice<K>[];
  selected: K;
  onSelect: (key: K) => void;
}) {
  const name = useId();
  return (
    <fieldset className="flex flex-wrap gap-1.5">
      <legend className="sr-only">{label}</legend>
      {choices.map(({ key, label: words, ink }) => (
        <label
          key={key}
          className="relative flex min-h-11 cursor-pointer items-center gap-2 rounded-control border border-line-control px-3 text-14 leading-[1.2] font-medium has-checked:border-brand has-checked:bg-brand-tint-2 has-checked:font-bold has-checked:text-brand has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-black has-focus-visible:[box-shadow:0_0_0_8px_var(--color-focus)]"
        >
          <input
            type="radio"
            name={name}
            value={key}
            checked={key === selected}
            onChange={() => onSelect(key)}
            className="absolute inset-0 cursor-pointer appearance-none opacity-0"
          />
          {ink && <span aria-hidden="true" className={classes('size-5 rounded-full', SWATCHES[ink])} />}
          {words}
        </label>
      ))}
    </fieldset>
  );
}

/** Smaller, how large, larger. */
export function ZoomControl({
  zoom,
  steps,
  onZoom,
  smaller,
  larger,
}: {
  zoom: number;
  steps: readonly number[];
  onZoom: (zoom: number) => void;
  smaller: string;
  larger: string;
}) {
  const at = steps.indexOf(zoom);
  const button = (icon: LucideIcon, label: string, next: number | undefined) => {
    const Icon = icon;
    return (
      <button
        type="button"
        aria-label={label}
        disabled={next === undefined}
        onClick={() => next !== undefined && onZoom(next)}
        className="grid size-11 flex-none place-items-center rounded-control hover:bg-well disabled:text-faint"
      >
        <Icon size={24} aria-hidden />
      </button>
    );
  };
  return (
    <>
      {button(ZoomOut, smaller, steps[at - 1])}
      <span className="figures min-w-12 text-center text-14 font-bold" aria-live="polite">
        {Math.round(zoom * 100)}%
      </span>
      {button(ZoomIn, larger, steps[at + 1])}
    </>
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
