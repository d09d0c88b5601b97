/** One of up to six choices, each with its picture: real radio buttons, as wide as there is room. */
import type { LucideIcon } from 'lucide-react';
import { useId } from 'react';
import { classes } from './classes';

export interface PicturedChoice<K extends string> {
  key: K;
  label: string;
  icon: LucideIcon;
}

export function ChoiceGrid<K extends string>({
  label,
  choices,
  selected,
  onSelect,
}: {
  label: string;
  choices: readonly PicturedChoice<K>[];
  /** None while it is not known. */
  selected: K | undefined;
  onSelect: (key: K) => void;
}) {
  const name = useId();
  return (
    <fieldset className="@container min-w-0">
      <legend className="sr-only">{label}</legend>
      <div
        className={classes(
          'grid grid-cols-2 gap-2',
          choices.length === 4
            ? '@min-[25rem]:grid-cols-4'
            : '@min-[17rem]:grid-cols-3 @min-[34rem]:grid-cols-5',
        )}
      >
        {choices.map(({ key, label: words, icon: Icon }) => (
          <label
            key={key}
            className={classes(
              'relative flex min-h-14 cursor-pointer flex-col items-center justify-center gap-1 rounded-control border border-line-control bg-surface px-1 py-1.5 text-center text-14 leading-[1.3] font-medium hover:bg-brand-tint',
              'has-checked:border-brand has-checked:bg-brand has-checked:font-bold has-checked:text-white',
              'has-focus-visible:z-10 has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-black has-focus-visible:[box-shadow:0_0_0_8px_var(--color-focus)]',
            )}
          >
            <input
              type="radio"
              name={name}
              value={key}
              checked={key === selected}
              onChange={() => onSelect(key)}
              className="absolute inset-0 cursor-pointer appearance-none opacity-0"
            />
            <Icon size={20} aria-hidden />
            {words}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
