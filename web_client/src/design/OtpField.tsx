/**
 * Six digits. One real input, transparent, over six boxes that are only its picture: paste, autofill
 * (`one-time-code`), screen readers and corrections work as in any input. Full-width digits and spaces are accepted.
 */
import { Delete } from 'lucide-react';
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
  autoFocus?: boolean;
  ref?: Ref<HTMLInputElement>;
}

export function OtpField(props: OtpFieldProps) {
  const { label, value, onChange, onComplete, error, disabled, withKeys, labelHidden, autoFocus, ref } =
    props;
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
          className="peer absolute inset-0 z-10 size-full cursor-text rounded-control bg-transparent text-center text-16 text-transparent caret-transparent outline-none selection:bg-transparent"
        />
        <div
          aria-hidden="true"
          className="group grid grid-cols-[repeat(3,1fr)_12px_repeat(3,1fr)] gap-2 rounded-control peer-focus-visible:outline-3 peer-focus-visible:outline-offset-4 peer-focus-visible:outline-black peer-focus-visible:[box-shadow:0_0_0_9px_var(--color-focus)] tablet:gap-3"
        >
          <Boxes value={value} from={0} wrong={Boolean(error)} />
          <span className="h-0.5 self-center bg-faint" />
          <Boxes value={value} from={3} wrong={Boolean(error)} />
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

function Boxes({ value, from, wrong }: { value: string; from: number; wrong: boolean }) {
  return [from, from + 1, from + 2].map((at) => (
    <span
      key={at}
      className={classes(
        'figures grid h-16 place-items-center rounded-control bg-surface text-32 font-bold tablet:h-24 tablet:text-40',
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

/** Keys of glove size for touch screens: they type into the same value as the input. */
export function DigitKeys({
  value,
  onChange,
  onComplete,
  disabled,
}: Pick<OtpFieldProps, 'value' | 'onChange' | 'onComplete' | 'disabled'>) {
  const { t } = useTranslation('app');
  const type = (digit: string) => {
    if (disabled || value.length >= OTP_LENGTH) return;
    const next = value + digit;
    onChange(next);
    if (next.length === OTP_LENGTH) onComplete?.(next);
  };
  const key =
    'figures grid min-h-16 place-items-center rounded-card border border-line-control bg-surface text-28 font-bold active:bg-brand-tint-2 tablet:min-h-24 tablet:text-32';
  return (
    <div className="grid grid-cols-3 gap-2 tablet:gap-3">
      {DIGITS.map((digit) => (
        <button key={digit} type="button" className={key} onClick={() => type(digit)}>
          {digit}
        </button>
      ))}
      <span />
      <button type="button" className={key} onClick={() => type('0')}>
        0
      </button>
      <button
        type="button"
        onClick={() => onChange(value.slice(0, -1))}
        className="grid min-h-16 place-items-center rounded-card border border-line-control bg-surface text-18 font-medium text-brand-line tablet:min-h-24"
      >
        <span className="inline-flex items-center gap-2">
          <Delete size={26} aria-hidden />
          {t('erase')}
        </span>
      </button>
    </div>
  );
}
