/**
 * A call control: icon over word, on the dark stage. The state is in the word (マイク 入) and in inversion
 * (white = on); `pressed` also tells assistive technology.
 */
import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { classes } from './classes';

export interface ToolButtonProps extends Omit<ComponentProps<'button'>, 'className' | 'style' | 'children'> {
  icon: LucideIcon;
  label: string;
  /** Leave out for tools that are not switches. */
  pressed?: boolean;
  /** `main` = the most used tool, white; `hang` = ends the call, red; `alert` = white with red ink (muted). */
  look?: 'tool' | 'main' | 'hang' | 'alert';
  /** On a light ground (panels) instead of the stage. */
  light?: boolean;
  large?: boolean;
  /** A dot with spoken words, for example unread messages. */
  mark?: string;
}

export function ToolButton({
  icon: Icon,
  label,
  pressed,
  look = 'tool',
  light,
  large,
  mark,
  ...rest
}: ToolButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-pressed={pressed}
      className={classes(
        'relative flex min-w-18 flex-col items-center justify-center gap-1.5 rounded-sheet border px-1.5 py-2 text-center font-bold leading-[1.2]',
        'disabled:cursor-not-allowed disabled:border-stage-line disabled:bg-[#262626] disabled:text-faint',
        large ? 'min-h-24 text-18' : 'min-h-20 text-14 tablet:text-16',
        toolLook(look, pressed ?? false, light ?? false),
      )}
    >
      <Icon size={large ? 34 : 30} aria-hidden className="flex-none" />
      <span>{label}</span>
      {mark && (
        <span className="absolute top-2 right-2 size-3 rounded-full border-2 border-white bg-danger">
          <span className="sr-only">{mark}</span>
        </span>
      )}
    </button>
  );
}

function toolLook(look: 'tool' | 'main' | 'hang' | 'alert', pressed: boolean, light: boolean): string {
  if (look === 'hang') return 'border-danger bg-danger text-white hover:bg-danger-press';
  if (look === 'alert') return 'border-white bg-white text-danger-press';
  if (look === 'main' || pressed)
    return light ? 'border-brand bg-brand text-white' : 'border-white bg-white text-ink';
  return light
    ? 'border-line-control bg-surface text-ink hover:bg-well'
    : 'border-stage-line bg-stage-3 text-white hover:bg-[#404040]';
}
