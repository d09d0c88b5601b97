/** Labelled inputs: the label above, the hint below it, the error in words under the box and tied to it. */
import { CircleAlert, type LucideIcon } from 'lucide-react';
import { type ComponentProps, type ReactNode, type Ref, useId } from 'react';
import { classes } from './classes';
import { INPUT } from './input';

interface Described {
  'aria-describedby'?: string;
  'aria-invalid'?: true;
  id: string;
}

/** Label, hint and error around any control; `children` gets the ids to put on the control. */
export function Field({
  label,
  hint,
  error,
  children,
}: {
  label: string;
  hint?: ReactNode;
  error?: string | null | undefined;
  children: (described: Described) => ReactNode;
}) {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-16 font-bold">
        {label}
      </label>
      {hint && (
        <p id={`${id}-hint`} className="mb-2 text-14 text-ink-2">
          {hint}
        </p>
      )}
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined })}
      <FieldError id={`${id}-error`} text={error} />
    </div>
  );
}

function FieldError({ id, text }: { id: string; text: string | null | undefined }) {
  return (
    <p
      id={id}
      aria-live="polite"
      className={classes('flex items-start gap-1.5 text-14 font-bold text-danger', text && 'mt-1.5')}
    >
      {text && <CircleAlert size={20} aria-hidden className="mt-px flex-none" />}
      {text}
    </p>
  );
}

export interface TextFieldProps extends Omit<ComponentProps<'input'>, 'className' | 'style' | 'size' | 'id'> {
  label: string;
  hint?: ReactNode;
  error?: string | null | undefined;
  large?: boolean;
  ref?: Ref<HTMLInputElement>;
  /** Beside the box, for example a button that shows the password. */
  after?: ReactNode;
}

export function TextField({ label, hint, error, large = false, after, ...input }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(described) => (
        <div className="flex items-center gap-2">
          <input
            {...input}
            {...described}
            className={classes(INPUT, large ? 'min-h-16 text-20' : 'min-h-12 text-16')}
          />
          {after && <div className="flex-none">{after}</div>}
        </div>
      )}
    </Field>
  );
}

/** A search box: the name is spoken, the picture and the placeholder are seen. */
export function SearchField({
  label,
  icon: Icon,
  ...input
}: Omit<ComponentProps<'input'>, 'className' | 'style' | 'size'> & { label: string; icon: LucideIcon }) {
  return (
    <label className="relative block min-w-0 max-w-[420px] flex-1">
      <span className="sr-only">{label}</span>
      <Icon size={20} aria-hidden className="absolute top-1/2 left-3.5 -translate-y-1/2 text-ink-2" />
      <input
        type="search"
        placeholder={label}
        {...input}
        className={classes(INPUT, 'min-h-11 pl-11 text-16')}
      />
    </label>
  );
}

export function SelectField({
  label,
  options,
  hint,
  large = false,
  ...select
}: Omit<ComponentProps<'select'>, 'className' | 'style' | 'size' | 'id'> & {
  label: string;
  hint?: ReactNode;
  large?: boolean;
  options: { value: string; label: string }[];
}) {
  return (
    <Field label={label} hint={hint}>
      {(described) => (
        <select
          {...select}
          {...described}
          className={classes(INPUT, large ? 'min-h-16 text-20' : 'min-h-12 text-16')}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** A tick beside a sentence; the whole line is the target. */
/** Several boxes that answer one question. */
export function FieldGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-16 font-bold">{label}</legend>
      {children}
    </fieldset>
  );
}

export function Check({
  label,
  ...input
}: Omit<ComponentProps<'input'>, 'className' | 'style' | 'type'> & { label: ReactNode }) {
  return (
    <label className="flex min-h-11 cursor-pointer items-center gap-2.5">
      <input
        {...input}
        type="checkbox"
        className="size-6 flex-none appearance-none rounded-tag border-2 border-line-control bg-surface bg-center bg-no-repeat checked:border-brand checked:bg-brand checked:bg-[url(/check.svg)]"
      />
      <span>{label}</span>
    </label>
  );
}
