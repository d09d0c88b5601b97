/**
 * The button. One `primary` per view says what to do next; red is never an invitation. A busy button keeps its
 * width and its focus: the words change, the press does nothing.
 */
import type { LucideIcon } from 'lucide-react';
import type { ComponentProps, MouseEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, type LinkProps } from 'react-router';
import { classes } from './classes';

export type ButtonLook = 'primary' | 'second' | 'plain' | 'danger' | 'danger-line' | 'quiet';
/** 44, 48, 64 and 112 px high. */
export type ButtonSize = 'small' | 'normal' | 'large' | 'hero';

const LOOKS: Record<ButtonLook, string> = {
  primary: 'bg-brand text-white border-transparent hover:bg-brand-press hover:underline active:bg-brand-deep',
  second: 'bg-surface text-brand border-brand hover:bg-brand-tint-2 active:bg-brand-tint-2',
  plain: 'bg-surface text-ink border-line-control font-medium hover:bg-well active:bg-line-soft',
  danger: 'bg-danger text-white border-transparent hover:bg-danger-press hover:underline',
  'danger-line': 'bg-surface text-danger border-danger hover:bg-danger-tint',
  quiet: 'bg-transparent text-brand-line border-transparent font-medium underline hover:text-brand-press',
};

const SIZES: Record<ButtonSize, string> = {
  small: 'min-h-11 text-14 gap-2 rounded-control',
  normal: 'min-h-12 text-16 gap-2.5 rounded-control',
  large: 'min-h-16 text-20 gap-3 rounded-card',
  hero: 'min-h-28 text-36 gap-4.5 rounded-sheet w-full',
};

const SIDES: Record<ButtonSize, string> = { small: 'px-3.5', normal: 'px-5', large: 'px-7', hero: 'px-7' };

const ICONS: Record<ButtonSize, number> = { small: 20, normal: 22, large: 26, hero: 44 };

const QUIET_OFF = 'text-ink-3! no-underline! cursor-not-allowed!';
const OFF = 'bg-line-soft! text-ink-3! border-transparent! no-underline! cursor-not-allowed!';

interface Dress {
  look?: ButtonLook;
  size?: ButtonSize;
  icon?: LucideIcon;
  block?: boolean;
}

function dress({ look = 'primary', size = 'normal', block }: Dress, off: boolean): string {
  return classes(
    'relative inline-grid place-items-center border font-bold leading-[1.3] text-center align-middle',
    'underline-offset-4 transition-colors no-underline',
    SIZES[size],
    LOOKS[look],
    look === 'quiet' ? '-mx-2 px-2' : SIDES[size],
    off && (look === 'quiet' ? QUIET_OFF : OFF),
    block && 'w-full',
  );
}

function Face({
  icon: Icon,
  size = 'normal',
  children,
  hidden,
}: Dress & { children: ReactNode; hidden?: boolean }) {
  return (
    <span
      className={classes(
        'col-start-1 row-start-1 inline-flex items-center justify-center gap-[inherit]',
        hidden && 'invisible',
      )}
    >
      {Icon && <Icon size={ICONS[size]} aria-hidden className="flex-none" />}
      <span className="min-w-0">{children}</span>
    </span>
  );
}

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'className' | 'style'>, Dress {
  busy?: boolean;
  /** What is happening now, for example 送信中. */
  busyLabel?: string;
}

export function Button({
  look,
  size,
  icon,
  block,
  busy = false,
  busyLabel,
  children,
  disabled,
  onClick,
  type = 'button',
  ...rest
}: ButtonProps) {
  const { t } = useTranslation('app');
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (busy) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button
      {...rest}
      type={type}
      disabled={disabled}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={press}
      className={dress({ look, size, block }, disabled ?? false)}
    >
      <Face icon={icon} size={size} hidden={busy}>
        {children}
      </Face>
      {busy && (
        <span className="col-start-1 row-start-1 inline-flex items-center gap-2.5">
          <Spinner />
          {busyLabel ?? t('busy')}
        </span>
      )}
    </button>
  );
}

/** A link that looks like a button: it goes somewhere, inside the client or (`href`) to a telephone or file. */
export function LinkButton({
  look,
  size,
  icon,
  block,
  children,
  ...rest
}: Dress & { children: ReactNode } & (
    | Pick<LinkProps, 'to' | 'state' | 'replace' | 'aria-label'>
    | Pick<ComponentProps<'a'>, 'href' | 'download' | 'target' | 'aria-label'>
  )) {
  const className = dress({ look, size, block }, false);
  const face = (
    <Face icon={icon} size={size}>
      {children}
    </Face>
  );
  return 'to' in rest ? (
    <Link {...rest} className={className}>
      {face}
    </Link>
  ) : (
    <a {...rest} className={className}>
      {face}
    </a>
  );
}

/** A square button with a picture only; the few allowed are named in the guide (back, close, steppers). */
export function IconButton({
  icon: Icon,
  label,
  onStage = false,
  ...rest
}: Omit<ComponentProps<'button'>, 'className' | 'style' | 'children'> & {
  icon: LucideIcon;
  label: string;
  onStage?: boolean;
}) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      className={classes(
        'grid size-11 flex-none place-items-center rounded-control',
        onStage ? 'text-white hover:bg-stage-3' : 'text-ink-2 hover:bg-well',
      )}
    >
      <Icon size={24} aria-hidden />
    </button>
  );
}

/** Something is happening; always beside words that say what. */
export function Spinner({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" className="flex-none animate-spin">
      <circle
        cx="10"
        cy="10"
        r="8"
        fill="none"
        stroke="currentColor"
        strokeWidth="3"
        strokeDasharray="36 15"
        strokeLinecap="round"
      />
    </svg>
  );
}
