/**
 * A service as a resident is shown it: that it may help, what it is, three lines, why, and whose it is. The window over
 * the call has the way back as its last button, always in sight; on wide screens the same column stands in the middle.
 */
import { type LucideIcon, TriangleAlert } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { Window } from './Dialog';
import { Furigana } from './Furigana';

export interface CardFact {
  readonly key: string;
  readonly icon: LucideIcon;
  /** What the line is about; a sentence of its own has none. */
  readonly label?: string | undefined;
  readonly text: string;
  /** The text is a day or a warning: what must not be overlooked. */
  readonly strong?: boolean;
}

export function ServicePaper({
  possible,
  title,
  titleId,
  level: Level = 'h2',
  summary,
  facts,
  why,
  old,
  notes,
}: {
  /** That it may help: never that it will. */
  possible: string;
  title: string;
  titleId?: string;
  level?: 'h2' | 'h3';
  summary: string;
  facts: readonly CardFact[];
  why: string;
  /** What is said of one that nobody has looked at for long. */
  old?: string | undefined;
  /** Whose it is, how old, and who decides. */
  notes: readonly string[];
}) {
  return (
    <div className="break-inside-avoid">
      <p className="inline-block rounded-tag border border-brand-line bg-brand-tint px-3 py-1 text-16 font-bold text-brand">
        <Furigana text={possible} />
      </p>
      <Level id={titleId} className="mt-2.5 text-26 leading-[1.4] tablet:text-28">
        {title}
      </Level>
      {summary && (
        <p className="mt-2 text-18 leading-[1.7]">
          <Furigana text={summary} />
        </p>
      )}
      {facts.length > 0 && (
        <ul className="mt-4 border-t border-line">
          {facts.map(({ key, icon: Icon, label, text, strong }) => (
            <li key={key} className="flex items-center gap-4 border-b border-line py-3">
              <Icon size={30} aria-hidden className="flex-none text-brand" />
              <div className="min-w-0 flex-1">
                {label && (
                  <p className="text-14 leading-[1.5] text-ink-2">
                    <Furigana text={label} />
                  </p>
                )}
                <p className={strong ? 'heading figures text-20 leading-[1.5]' : 'text-18 leading-[1.55]'}>
                  <Furigana text={text} />
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
      <p className="mt-3.5 text-16 leading-[1.6]">
        <Furigana text={why} />
      </p>
      {old && (
        <p className="mt-2 flex items-start gap-2 text-16 leading-[1.5] font-bold">
          <TriangleAlert size={22} aria-hidden className="mt-0.5 flex-none text-warn-mid" />
          <span>
            <Furigana text={old} />
          </span>
        </p>
      )}
      <div className="mt-2 text-16 leading-[1.6] text-ink-2">
        {notes.filter(Boolean).map((note) => (
          <p key={note}>
            <Furigana text={note} />
          </p>
        ))}
      </div>
    </div>
  );
}

/** Over all of a call: who shows it on top, the card, and at the foot what can be done with the way back last. */
export function ServiceWindow({
  open,
  onClose,
  head,
  children,
  foot,
}: {
  open: boolean;
  onClose: () => void;
  head: ReactNode;
  /** The card, with the name of the window by this id. */
  children: (titleId: string) => ReactNode;
  foot: ReactNode;
}) {
  const titleId = useId();
  return (
    <Window
      open={open}
      onClose={onClose}
      labelledBy={titleId}
      className="m-0 size-full max-h-none max-w-none bg-page tablet:m-auto tablet:h-fit tablet:max-h-[92dvh] tablet:max-w-[640px] tablet:rounded-sheet"
    >
      <div className="mx-auto flex h-full max-h-[inherit] w-full flex-col bg-surface">
        {head}
        <section
          aria-labelledby={titleId}
          className="min-h-0 flex-1 overflow-y-auto px-5 py-4 focus-inside tablet:px-8 tablet:py-6"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          tabIndex={0}
        >
          {children(titleId)}
        </section>
        <div className="grid flex-none gap-2.5 border-t border-line bg-surface px-5 pt-3 pb-[max(12px,env(safe-area-inset-bottom))] tablet:px-8 tablet:pb-5">
          {foot}
        </div>
      </div>
    </Window>
  );
}

/** Who shows it: their live picture, name and post. */
export function PresenterStrip({
  picture,
  name,
  post,
  note,
}: {
  picture?: ReactNode;
  name: string;
  post: string;
  note: string;
}) {
  return (
    <div className="flex flex-none items-stretch bg-black text-white">
      {picture && <div className="relative h-24 w-28 flex-none overflow-hidden">{picture}</div>}
      <div className="min-w-0 flex-1 content-center px-4 py-2.5">
        <p className="heading text-20 leading-[1.35]">
          {name}
          {post && <span className="ml-2.5 text-16 font-medium text-stage-ink-2">{post}</span>}
        </p>
        <p className="text-16 leading-[1.5] text-stage-ink-2">
          <Furigana text={note} />
        </p>
      </div>
    </div>
  );
}
