/** Labelled lines to write: grows with what is written, so that nothing is hidden while it is checked. */
import type { ComponentProps, ReactNode } from 'react';
import { classes } from './classes';
import { Field } from './Field';
import { INPUT } from './input';

export function TextArea({
  label,
  hint,
  error,
  rows = 3,
  ...area
}: Omit<ComponentProps<'textarea'>, 'className' | 'style' | 'id'> & {
  label: string;
  hint?: ReactNode;
  error?: string | null | undefined;
}) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(described) => (
        <textarea
          {...area}
          {...described}
          rows={rows}
          className={classes(INPUT, 'field-sizing-content max-h-[60dvh] py-2.5 text-16 leading-[1.7]')}
        />
      )}
    </Field>
  );
}
