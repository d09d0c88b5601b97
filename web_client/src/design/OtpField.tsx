/**
 * Six digits. One real input, transparent, over six boxes that are only its picture: paste, autofill
 * (`one-time-code`), screen readers and corrections work as in any input. Full-width digits and spaces are accepted.
 */
import { type Ref, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { classes } from './classes';

export const OTP_LENGTH = 6;

/** The digits of what was typed or pasted, at most six. */
export function digitsOf(typed: string): string {
  return typed.normalize('NFKC').replace(/\D/g, '').slice(0, OTP_LENGTH);
}

export interface OtpFieldProps {
  label: string;
  value: string;
  onChange: (digits: string) => void;
  /** Called once with all six digits. */
  onComplete?: (digits: string) => void;
  error?: string | null | undefined;
  disabled?: boolean;
  /** The page shows `DigitKeys`: keep the device's own keyboard down. */
  withKeys?: boolean;
  labelHidden?: boolean;
  /** 64 px on every screen, for cards and panels. */
  compact?: boolean;
  autoFocus?: boolean;
  ref?: Ref<HTMLInputElement>;
}

export function OtpField(props: OtpFieldProps) {
  const {
    label,
    value,
    onChange,
    onComplete,
    error,
    disabled,
    withKeys,
    labelHidden,
    autoFocus,
    ref,
    compact = false,
  } = props;
  const id = useId();
  const type = (typed: string) => {
    const digits = digitsOf(typed);
    if (digits === value) return;
    onChange(digits);
    if (digits.length === OTP_LENGTH) onComplete?.(digits);
  };
  return (
    <div>
      <label htmlFor={id} className={labelHidden ? 'sr-only' : 'mb-1.5 block text-16 font-bold'}>
        {label}
      </label>
      <div className="relative">
        <input
          ref={ref}
          id={id}
          type="text"
          inputMode={withKeys ? 'none' : 'numeric'}
          autoComplete="one-time-code"
          // biome-ignore lint/a11y/noAutofocus: the step exists to type this code, and its heading names it
          autoFocus={autoFocus}
          value={value}
          readOnly={disabled}
          aria-invalid={error ? true : undefined}
          aria-describedby={`${id}-error`}
          onChange={(event) => type(event.target.value)}
          className="peer absolute inset-0 z-10 size-full cursor-text rounded-control bg-transparent text-center text-16 text-transparent caret-transparent shadow-none! outline-none! selection:bg-transparent"
        />
        <div
          aria-hidden="true"
          className="grid grid-cols-[repeat(3,1fr)_12px_repeat(3,1fr)] gap-2 peer-focus-visible:[&_[data-current]]:focus-ring tablet:gap-3"
        >
          <Boxes value={value} from={0} wrong={Boolean(error)} compact={compact} />
          <span className="h-0.5 self-center bg-faint" />
          <Boxes value={value} from={3} wrong={Boolean(error)} compact={compact} />
        </div>
      </div>
      <p
        id={`${id}-error`}
        aria-live="assertive"
        className={classes('text-16 font-bold text-danger', error && 'mt-2.5')}
      >
        {error}
      </p>
    </div>
  );
}

function Boxes({
  value,
  from,
  wrong,
  compact,
}: {
  value: string;
  from: number;
  wrong: boolean;
  compact: boolean;
}) {
  return [from, from + 1, from + 2].map((at) => (
    <span
      key={at}
      data-current={at === value.length || undefined}
      className={classes(
        'figures relative grid place-items-center rounded-control bg-surface font-bold data-current:z-1',
        compact ? 'h-16 text-28' : 'h-16 text-32 tablet:h-24 tablet:text-40',
        wrong && !value
          ? 'border-2 border-danger'
          : at === value.length
            ? 'border-3 border-brand'
            : 'border border-line-control',
      )}
    >
      {value[at]}
    </span>
  ));
}

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

const KEY =
  'grid min-h-16 place-items-center rounded-card border border-line-control bg-surface font-medium active:bg-brand-tint-2 tablet:min-h-24';
const DIGIT = 'figures text-28 font-bold! tablet:text-32';

/** Keys of glove size for touch screens: they type into the same value as the input. */
export function DigitKeys({
  value,
  onChange,
  onComplete,
  onSubmit,
  submitLabel,
  disabled,
}: Pick<OtpFieldProps, 'value' | 'onChange' | 'onComplete' | 'disabled'> & {
  /** Sends what is there again, after a line that broke. */
  onSubmit: (digits: string) => void;
  submitLabel: string;
}) {
  const { t } = useTranslation('app');
  const complete = value.length === OTP_LENGTH;
  const type = (digit: string) => {
    if (disabled || value.length >= OTP_LENGTH) return;
    const next = value + digit;
    onChange(next);
    if (next.length === OTP_LENGTH) onComplete?.(next);
  };
  return (
    <div className="grid grid-cols-3 gap-2 tablet:gap-3">
      {DIGITS.map((digit) => (
        <button key={digit} type="button" className={`${KEY} ${DIGIT}`} onClick={() => type(digit)}>
          {digit}
        </button>
      ))}
      <button
        type="button"
        onClick={() => onChange(value.slice(0, -1))}
        className={`${KEY} text-18 text-brand-line`}
      >
        {t('erase')}
      </button>
      <button type="button" className={`${KEY} ${DIGIT}`} onClick={() => type('0')}>
        0
      </button>
      <button
        type="button"
        disabled={!complete}
        onClick={() => !disabled && onSubmit(value)}
        className="grid min-h-16 place-items-center rounded-card bg-brand text-18 font-bold text-white disabled:bg-line-soft disabled:text-ink-3 tablet:min-h-24"
      >
        {submitLabel}
      </button>
    </div>
  );
}
