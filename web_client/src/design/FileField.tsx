/** Chooses a file: the browser's own control, in a box that says what it takes. */
import type { LucideIcon } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { classes } from './classes';
import { Field } from './Field';
import { INPUT } from './input';

export function FileField({
  label,
  hint,
  icon: Icon,
  ...input
}: Omit<ComponentProps<'input'>, 'className' | 'style' | 'type' | 'id'> & {
  label: string;
  hint?: ReactNode;
  icon: LucideIcon;
}) {
  return (
    <Field label={label} hint={hint}>
      {(described) => (
        <div className="flex items-center gap-3">
          <Icon size={26} aria-hidden className="flex-none text-brand" />
          <input
            {...input}
            {...described}
            type="file"
            className={classes(INPUT, 'min-h-12 py-2.5 text-16')}
          />
        </div>
      )}
    </Field>
  );
}
