/**
 * The resident's call: the office's band, one large picture with the name plate of whoever it shows, a place for words
 * (captions, written lines), and five large controls. The same order at every size.
 */
import { type LucideIcon, VideoOff } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { classes } from './classes';
import { Furigana } from './Furigana';

export function GuestFrame({
  band,
  stage,
  words,
  deck,
}: {
  band: ReactNode;
  stage: ReactNode;
  words: ReactNode;
  deck: ReactNode;
}) {
  return (
    <div
      data-whole-screen
      className="grid h-dvh grid-rows-[auto_minmax(0,1fr)_auto_auto] overflow-hidden bg-stage"
    >
      {band}
      <main id="main" className="relative min-h-0">
        {stage}
      </main>
      {words}
      {deck}
    </div>
  );
}

/** The name plate across the foot of the stage: name with its reading, where the person belongs, the post. */
export function NameBand({
  name,
  kana,
  lines,
  role,
}: {
  name: string;
  kana?: string;
  lines: readonly string[];
  role?: string;
}) {
  return (
    <div className="plate-on-video absolute inset-x-0 bottom-0 px-5 pt-2.5 pb-3 tablet:px-8">
      <p className="heading text-28 leading-[1.25] tablet:text-32">
        {name}
        {kana && <span className="ml-2.5 text-18 font-medium text-stage-ink-2">{kana}</span>}
      </p>
      {(lines.length > 0 || role) && (
        <p className="text-18 leading-[1.5]">{lines.length > 0 ? lines.join('　') : role}</p>
      )}
    </div>
  );
}

/** A picture that stays where it is, whoever speaks: the interpreter's, large enough for hands that sign. */
export function FixedTile({ children }: { children: ReactNode }) {
  return (
    <div className="absolute bottom-28 left-4 z-[4] aspect-[4/3] w-[46%] max-w-96 [&>figure]:border-2 [&>figure]:border-white">
      {children}
    </div>
  );
}

/** The own small picture in the corner; without one it says so. */
export function SelfCorner({
  note,
  off,
  children,
  action,
}: {
  note: string;
  /** The words instead of a picture. */
  off?: string | undefined;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="absolute top-4 right-4 z-[5] grid w-24 gap-2 tablet:w-44">
      <div className="relative grid h-30 place-content-center overflow-hidden rounded-control border-2 border-white bg-stage-3 tablet:h-32">
        {off ? (
          <p className="grid justify-items-center gap-1 text-center text-14 leading-[1.4] font-medium">
            <VideoOff size={32} aria-hidden />
            {note}
            <span>{off}</span>
          </p>
        ) : (
          <>
            <div className="absolute inset-0">{children}</div>
            <span className="plate-on-video absolute bottom-1 left-1 rounded-tag px-1.5 py-0.5 text-14 leading-[1.3]">
              {note}
            </span>
          </>
        )}
      </div>
      {action}
    </div>
  );
}

/** A small button on the stage. */
export function StageButton({
  icon: Icon,
  children,
  ...rest
}: Omit<ComponentProps<'button'>, 'className' | 'style'> & { icon: LucideIcon }) {
  return (
    <button
      type="button"
      {...rest}
      className="inline-flex min-h-11 items-center justify-center gap-1.5 rounded-control border border-white bg-black/80 px-2 text-14 leading-[1.2] font-bold text-white"
    >
      <Icon size={22} aria-hidden className="flex-none" />
      {children}
    </button>
  );
}

/** What is said in letters: a small line above (who, or the state of the line), large words below when there are any. */
export function WordsBand({
  icon: Icon,
  above,
  children,
  action,
  live = false,
}: {
  icon: LucideIcon;
  above: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  /** Read out when it appears. */
  live?: boolean;
}) {
  return (
    <div
      role={live ? 'status' : undefined}
      className="border-t border-stage-3 bg-black px-5 py-2.5 text-white tablet:px-8"
    >
      <p className="flex items-center gap-2.5 text-16 leading-[1.5] font-medium text-stage-ink-2">
        <Icon size={24} aria-hidden className="flex-none" />
        <span className="min-w-0 flex-1">{above}</span>
        {action}
      </p>
      {children && <p className="mt-1 line-clamp-2 text-24 leading-[1.45] font-bold">{children}</p>}
    </div>
  );
}

/** Three large controls, then two wide ones. On tablets and desks all five stand in one row. */
export function GuestDeck({ label, tools, wide }: { label: string; tools: ReactNode; wide: ReactNode }) {
  return (
    <section
      aria-label={label}
      className="mx-auto grid w-full max-w-[960px] gap-2.5 bg-stage px-4 pt-3 pb-[max(12px,env(safe-area-inset-bottom))] tablet:grid-cols-[3fr_2fr] tablet:px-8 tablet:pb-5"
    >
      <div className="grid grid-cols-3 gap-2.5">{tools}</div>
      <div className="grid grid-cols-2 gap-2.5">{wide}</div>
    </section>
  );
}

/** A wide control: icon beside the word, white on dark. */
export function WideTool({
  icon: Icon,
  text,
  mark,
  ...rest
}: Omit<ComponentProps<'button'>, 'className' | 'style' | 'children'> & {
  icon: LucideIcon;
  text: string;
  mark?: string | undefined;
}) {
  return (
    <button
      type="button"
      {...rest}
      className={classes(
        'relative flex min-h-16 items-center justify-center gap-2.5 rounded-sheet border px-2 text-18 leading-[1.2] font-bold tablet:flex-col tablet:gap-1.5',
        mark
          ? 'border-white bg-white text-ink'
          : 'border-stage-line bg-stage-3 text-white hover:bg-[#404040]',
      )}
    >
      <Icon size={28} aria-hidden className="flex-none" />
      <span>
        <Furigana text={text} />
      </span>
      {mark && (
        <span className="absolute -top-1.5 -right-1.5 size-4.5 rounded-full border-2 border-white bg-danger">
          <span className="sr-only">{mark}</span>
        </span>
      )}
    </button>
  );
}
