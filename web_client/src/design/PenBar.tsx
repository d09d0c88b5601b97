/** What is held over a surface: pens, inks and how near one looks. */
import { type LucideIcon, ZoomIn, ZoomOut } from 'lucide-react';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { classes } from './classes';
import { INKS, type Ink } from './Drawing';

/** The tools over a surface: two rows of six on phones. Under them the choices of the one in hand. */
export function PenBar({ label, children, more }: { label: string; children: ReactNode; more?: ReactNode }) {
  return (
    <div>
      <div
        role="toolbar"
        aria-label={label}
        className="grid grid-cols-6 gap-0.5 px-1.5 py-1 tablet:flex tablet:flex-wrap tablet:gap-1 tablet:px-2 tablet:py-1.5"
      >
        {children}
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
        'flex flex-col items-center justify-center gap-0.5 rounded-control px-0.5 leading-[1.2] disabled:text-faint tablet:px-1.5',
        large ? 'min-h-16 text-14 tablet:min-w-18 tablet:text-16' : 'min-h-13 text-14 tablet:min-w-14',
        pressed ? 'bg-brand-tint-2 font-bold text-brand' : 'font-medium text-ink hover:bg-well',
      )}
    >
      <Icon size={large ? 28 : 24} aria-hidden />
      <span>{label}</span>
    </button>
  );
}

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
      className="flex min-h-13 flex-col items-center justify-center gap-0.5 rounded-control px-0.5 text-14 leading-[1.2] font-medium hover:bg-well tablet:min-w-14 tablet:px-1.5"
    >
      <span
        aria-hidden="true"
        className="size-6 rounded-full border-2 border-white outline-2 outline-ink"
        style={{ backgroundColor: INKS[ink] }}
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
          {ink && (
            <span aria-hidden="true" className="size-5 rounded-full" style={{ backgroundColor: INKS[ink] }} />
          )}
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
      <span
        className="figures hidden min-w-12 text-center text-14 font-bold tablet:inline"
        aria-live="polite"
      >
        {Math.round(zoom * 100)}%
      </span>
      {button(ZoomIn, larger, steps[at + 1])}
    </>
  );
}
