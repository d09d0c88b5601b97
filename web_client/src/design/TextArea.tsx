/** Several lines of text with a label. */
import type { ComponentProps, ReactNode } from 'react';
import { classes } from './classes';
import { Field, INPUT } from './Field';

export function TextArea({
  label,
  hint,
  ...input
}: Omit<ComponentProps<'textarea'>, 'className' | 'style' | 'id'> & { label: string; hint?: ReactNode }) {
  return (
    <Field label={label} hint={hint}>
      {(described) => (
        <textarea {...input} {...described} className={classes(INPUT, 'min-h-24 py-2.5 text-16')} />
      )}
    </Field>
  );
}
