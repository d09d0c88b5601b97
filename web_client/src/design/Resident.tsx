/**
 * Pages for residents, who may be 75 and read at arm's length: the office's own band on top, one thing to press within
 * the thumb, the telephone always at the foot. On wide screens the same column stands in the middle, never stretched.
 */
import { Check, type LucideIcon, VideoOff } from 'lucide-react';
import type { ComponentProps, ReactNode, Ref } from 'react';
import { classes } from './classes';
import { Furigana } from './Furigana';
import { Portrait } from './NamePlate';

/** The frame: `band` on top, the column, and `foot` at the bottom edge of the screen or of the text. */
export function ResidentPage({
  band,
  children,
  foot,
  footLook = 'plain',
}: {
  band: ReactNode;
  children: ReactNode;
  foot?: ReactNode;
  /** `quiet` for the way out, `plain` for the next thing to press. */
  footLook?: 'plain' | 'quiet';
}) {
  return (
    <div className="flex min-h-dvh flex-col bg-surface tablet:bg-page">
      {band}
      <main
        id="main"
        className="mx-auto flex w-full max-w-[640px] flex-1 flex-col bg-surface px-5 pt-2.5 pb-4 tablet:border-x tablet:border-line tablet:px-10 tablet:pt-5"
      >
        {children}
      </main>
      {foot && (
        <footer
          className={classes(
            'mx-auto w-full max-w-[640px] flex-none border-t border-line px-5 pt-3.5 pb-[max(12px,env(safe-area-inset-bottom))] tablet:border-x tablet:px-10 tablet:pb-6',
            footLook === 'quiet'
              ? 'bg-page'
              : 'bg-surface [@media(min-height:600px)]:sticky [@media(min-height:600px)]:bottom-0',
          )}
        >
          {foot}
        </footer>
      )}
    </div>
  );
}

/** What this page says first; takes the focus when a new step appears, so that it is read out. */
export function ResidentHeading({
  text,
  lead,
  headingRef,
}: {
  text: string;
  lead?: ReactNode;
  headingRef?: Ref<HTMLHeadingElement>;
}) {
  return (
    <div className="pt-4">
      <h1
        ref={headingRef}
        tabIndex={-1}
        className="text-28 leading-[1.45] outline-none! shadow-none! tablet:text-32"
      >
        <Furigana text={text} />
      </h1>
      {lead && <p className="mt-1 text-18 text-ink-2">{lead}</p>}
    </div>
  );
}

const MATTERS = {
  warn: { frame: 'border-warn-line bg-warn-tint', sign: 'text-warn-mid' },
  ok: { frame: 'border-ok-mid bg-ok-tint', sign: 'text-ok-mid' },
};

/** What happened, as the first thing of a page: the heading and its sentences in one coloured card. */
export function ResidentMatter({
  icon: Icon,
  look = 'warn',
  text,
  headingRef,
  level: Level = 'h1',
  children,
}: {
  icon: LucideIcon;
  look?: keyof typeof MATTERS;
  text: string;
  headingRef?: Ref<HTMLHeadingElement>;
  level?: 'h1' | 'h2' | 'h3';
  children: ReactNode;
}) {
  const { frame, sign } = MATTERS[look];
  return (
    <div className={classes('mt-4 flex gap-4 rounded-card border px-4 py-4', frame)}>
      <Icon size={30} aria-hidden className={classes('mt-0.5 flex-none', sign)} />
      <div className="grid min-w-0 flex-1 gap-1.5">
        <Level ref={headingRef} tabIndex={-1} className="text-24 leading-[1.4] outline-none! shadow-none!">
          <Furigana text={text} />
        </Level>
        {children}
      </div>
    </div>
  );
}

/** Text in the resident's size; `note` for what may be read later. */
export function ResidentText({ text, voice = 'body' }: { text: string; voice?: 'body' | 'strong' | 'note' }) {
  const looks = {
    body: 'text-18',
    strong: 'text-20 font-bold',
    label: 'mb-1 text-16 font-bold',
    note: 'text-16 text-ink-2',
  };
  return (
    <p className={looks[voice]}>
      <Furigana text={text} />
    </p>
  );
}

/** One or two short sentences under the large button. */
export function UnderButton({ children }: { children: ReactNode }) {
  return <p className="mt-2.5 text-center text-16 leading-[1.55] text-ink-2">{children}</p>;
}

/** The row of reading choices: text size on the left, a switch that takes the rest. */
export function ReadingChoices({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-stretch gap-2 [&>*:last-child]:flex-1">{children}</div>;
}

/** A switch that looks like a button; on = filled with a check, so that colour is not the only sign. */
export function SwitchButton({
  on,
  children,
  ...rest
}: Omit<ComponentProps<'button'>, 'className' | 'style'> & { on: boolean }) {
  return (
    <button
      type="button"
      {...rest}
      aria-pressed={on}
      className={classes(
        'inline-flex min-h-11.5 items-center justify-center gap-1.5 rounded-control border px-2 text-16 leading-[1.2] whitespace-nowrap',
        on ? 'border-brand bg-brand font-bold text-white' : 'border-line-control bg-surface font-medium',
      )}
    >
      {on && <Check size={20} strokeWidth={3} aria-hidden className="flex-none" />}
      {children}
    </button>
  );
}

/** A quiet word in the band, for example the other language. */
export function BandButton({
  icon: Icon,
  children,
  ...rest
}: Omit<ComponentProps<'button'>, 'className' | 'style'> & { icon?: LucideIcon }) {
  return (
    <button
      type="button"
      {...rest}
      className="-mr-2 inline-flex min-h-11 min-w-11 flex-none items-center justify-center gap-1.5 rounded-control px-2.5 text-16 font-medium text-brand-line underline underline-offset-4"
    >
      {Icon && <Icon size={22} aria-hidden className="flex-none" />}
      {children}
    </button>
  );
}

/** Icon, bold word, sentence: why something is asked for. */
export function Reasons({
  reasons,
}: {
  reasons: readonly { icon: LucideIcon; word: string; text: string }[];
}) {
  return (
    <ul className="grid gap-3">
      {reasons.map(({ icon: Icon, word, text }) => (
        <li key={word} className="grid grid-cols-[32px_1fr] items-start gap-3 text-18 leading-[1.5]">
          <Icon size={26} aria-hidden className="mt-0.5 text-brand" />
          <span>
            <strong className="mr-3">{word}</strong>
            <Furigana text={text} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** A block with its own small heading. */
export function ResidentBlock({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section className="pt-5">
      {title && (
        <h2 className="mb-2 text-20">
          <Furigana text={title} />
        </h2>
      )}
      {children}
    </section>
  );
}

/** Numbered steps, each with a picture of what to look for. */
export function PicturedSteps({ steps }: { steps: readonly { text: string; picture: string }[] }) {
  return (
    <ol className="overflow-hidden rounded-card border border-line">
      {steps.map(({ text, picture }, at) => (
        <li
          key={text}
          className="grid grid-cols-[36px_1fr_84px] items-center gap-3 border-line px-3.5 py-2 not-first:border-t"
        >
          <span
            aria-hidden="true"
            className="figures grid size-9 place-items-center rounded-full bg-ink text-18 leading-none font-bold text-white"
          >
            {at + 1}
          </span>
          <p className="text-18 leading-[1.4]">
            <Furigana text={text} />
          </p>
          <span
            aria-hidden="true"
            className="grid min-h-13 place-items-center rounded-control border border-line-control bg-surface p-1.5 text-center"
          >
            <span className="grid min-h-9 w-full place-items-center rounded-control border-2 border-brand px-1 text-14 leading-[1.2] font-bold text-brand">
              {picture}
            </span>
          </span>
        </li>
      ))}
    </ol>
  );
}

/** Who will talk: large name with its reading, and the lines that say where this person belongs. */
export function HostCard({
  name,
  kana,
  lines,
  reading = 'beside',
}: {
  name: string;
  kana: string;
  lines: readonly string[];
  /** `above` puts the reading over the name and adds さん, as easy Japanese does. */
  reading?: 'beside' | 'above';
}) {
  return (
    <div className="flex items-center gap-4 rounded-card border border-line bg-surface px-4 py-3.5">
      <Portrait name={name} size="large" />
      <div className="min-w-0 flex-1">
        <p className="heading flex flex-wrap items-baseline gap-x-3 text-28 leading-[1.3]">
          {reading === 'above' ? (
            <span>
              {kana ? <Furigana text={`{${name}|${kana}}`} /> : name}
              さん
            </span>
          ) : (
            <>
              <span>{name}</span>
              {kana && <span className="text-16 font-medium text-ink-2">{kana}</span>}
            </>
          )}
        </p>
        {lines.filter(Boolean).map((line) => (
          <p key={line} className="text-18 leading-[1.5]">
            <Furigana text={line} />
          </p>
        ))}
      </div>
    </div>
  );
}

/** The resident's own picture before the call, or a dark field that says nobody sees them. */
export function PreviewFrame({ children, words }: { children?: ReactNode; words: string }) {
  return (
    <figure className="relative m-0 aspect-[4/3] max-h-66 w-full overflow-hidden rounded-card bg-stage-2 text-white tablet:max-h-80">
      {children || (
        <div className="absolute inset-0 grid place-items-center pb-10">
          <VideoOff size={56} strokeWidth={1.5} aria-hidden className="text-stage-ink-2" />
        </div>
      )}
      <figcaption className="plate-on-video absolute inset-x-0 bottom-0 px-4 py-2">
        <p className="text-18 leading-[1.4] font-medium">
          <Furigana text={words} />
        </p>
      </figcaption>
    </figure>
  );
}

/** One large sentence with its sign, announced when it changes, and what belongs under it. */
export function ResidentStatus({
  icon: Icon,
  good,
  text,
  children,
}: {
  icon: LucideIcon;
  good: boolean;
  text: string;
  children?: ReactNode;
}) {
  return (
    <div
      className={classes(
        'rounded-card border px-4 py-3.5',
        good ? 'border-ok-mid bg-ok-tint' : 'border-line bg-surface',
      )}
    >
      <p role="status" className="mb-2.5 flex items-center gap-3 text-20 leading-[1.4] font-bold">
        <Icon size={28} aria-hidden className={classes('flex-none', good ? 'text-ok-mid' : 'text-brand')} />
        <span className="min-w-0">
          <Furigana text={text} />
        </span>
      </p>
      {children}
    </div>
  );
}
