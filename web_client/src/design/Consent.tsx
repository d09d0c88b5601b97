/**
 * Asking people what may be kept of them: one question over the whole screen with two answers of the same size and weight,
 * and chips that say who agreed to what. A no is never red, and never smaller.
 */
import { Check, CircleDashed, type LucideIcon, Volume2, X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { classes } from './classes';
import { Window } from './Dialog';
import { Furigana } from './Furigana';
import { Portrait } from './NamePlate';

/** `onLater` (Escape) puts the question aside; whoever asked waits. */
export function ConsentQuestion({
  who,
  from,
  question,
  lines,
  refusal,
  speak,
  answers,
  note,
  problem,
  onLater,
}: {
  who: string;
  /** Who that is, and that they ask. */
  from: string;
  question: string;
  lines: readonly string[];
  refusal: string;
  /** The button that reads it out, where the device can. */
  speak: ReactNode;
  /** Two `ConsentAnswer`s. */
  answers: ReactNode;
  note: string;
  problem?: ReactNode;
  onLater: () => void;
}) {
  const titleId = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each question takes the focus, so that it is read out
  useEffect(() => heading.current?.focus(), [question]);
  return (
    <Window open onClose={onLater} labelledBy={titleId} className="m-0 size-full max-h-none max-w-none">
      <div className="mx-auto flex h-full max-w-[640px] flex-col overflow-y-auto">
        <p className="flex flex-none items-center gap-4 border-b border-line px-5 py-3 tablet:px-8">
          <Portrait name={who} size="normal" />
          <span className="min-w-0">
            <span className="heading block text-20 leading-[1.35]">{who}</span>
            <span className="block text-16 leading-[1.45] text-ink-2">
              <Furigana text={from} />
            </span>
          </span>
        </p>
        <div className="grid content-start gap-3 px-5 pt-5 pb-4 tablet:px-8">
          <h2
            id={titleId}
            ref={heading}
            tabIndex={-1}
            className="text-32 leading-[1.5] outline-none! shadow-none! tablet:text-36"
          >
            <Furigana text={question} />
          </h2>
          <div className="text-20 leading-[1.7]">
            {lines.map((line) => (
              <p key={line} className="text-ink-2">
                {line}
              </p>
            ))}
            <p className="font-bold">{refusal}</p>
          </div>
          {speak && <div>{speak}</div>}
        </div>
        <div className="sticky bottom-0 mt-auto grid gap-3 tablet:my-0 bg-surface px-5 pt-2 pb-[max(16px,env(safe-area-inset-bottom))] tablet:px-8 tablet:pb-6">
          {problem}
          {answers}
          <p className="text-center text-16 text-ink-2">
            <Furigana text={note} />
          </p>
        </div>
      </div>
    </Window>
  );
}

/** One of the two answers. */
export function ConsentAnswer({
  yes,
  text,
  busy,
  onPress,
}: {
  yes: boolean;
  text: string;
  busy: boolean;
  onPress: () => void;
}) {
  const Icon = yes ? Check : X;
  return (
    <button
      type="button"
      aria-disabled={busy || undefined}
      onClick={() => !busy && onPress()}
      className="flex min-h-20 items-center gap-5 rounded-card border-2 border-brand bg-surface px-5 text-left text-22 leading-[1.3] font-bold text-brand hover:bg-brand-tint-2 active:bg-brand-tint-2"
    >
      <Icon size={32} aria-hidden className="flex-none" />
      <span className="min-w-0">
        <Furigana text={text} />
      </span>
    </button>
  );
}

/** Whether the device can read this language out. Voices arrive late, and some systems have none. */
function useVoice(language: string): boolean {
  const [found, setFound] = useState(false);
  useEffect(() => {
    const speech = window.speechSynthesis;
    const look = () => setFound(speech.getVoices().some((voice) => voice.lang.startsWith(language)));
    if (!speech) return;
    look();
    speech.addEventListener('voiceschanged', look);
    return () => speech.removeEventListener('voiceschanged', look);
  }, [language]);
  return found;
}

/** Reads the words out; drawn only where the device has a voice for them. */
export function SpeakButton({ text, language, label }: { text: string; language: string; label: string }) {
  const hasVoice = useVoice(language === 'en' ? 'en' : 'ja');
  useEffect(() => () => window.speechSynthesis?.cancel(), []);
  if (!hasVoice) return null;
  const speak = () => {
    const said = new SpeechSynthesisUtterance(text);
    said.lang = language === 'en' ? 'en' : 'ja-JP';
    said.rate = language === 'ja-easy' ? 0.85 : 1;
    window.speechSynthesis.cancel();
    window.speechSynthesis.speak(said);
  };
  return (
    <button
      type="button"
      onClick={speak}
      className="inline-flex min-h-14 items-center gap-3 rounded-control border border-line-control bg-surface px-5 text-18 font-medium hover:bg-well"
    >
      <Volume2 size={26} aria-hidden className="flex-none" />
      <Furigana text={label} />
    </button>
  );
}

export type ChipLook = 'given' | 'refused' | 'open' | 'none';

const CHIPS: Record<ChipLook, { look: string; icon: LucideIcon | null }> = {
  given: { look: 'border-ok-mid bg-ok-tint text-ok', icon: Check },
  refused: { look: 'border-line-control bg-surface text-ink', icon: X },
  open: { look: 'border-dashed border-line-control bg-surface text-ink', icon: CircleDashed },
  none: { look: 'border-dashed border-line-control bg-surface text-ink-2', icon: null },
};

/** Who agreed to what, in words and signs; all of the same size. */
export function ConsentChips({
  label,
  chips,
}: {
  label: string;
  chips: readonly { look: ChipLook; words: string }[];
}) {
  return (
    <ul aria-label={label} className="flex flex-wrap gap-1.5">
      {chips.map(({ look, words }) => {
        const { look: dress, icon: Icon } = CHIPS[look];
        return (
          <li
            key={words}
            className={classes(
              'inline-flex min-h-[1.86em] items-center gap-1.5 rounded-tag border px-2 text-14 leading-[1.2] font-bold',
              dress,
            )}
          >
            {Icon && <Icon size={16} strokeWidth={2.5} aria-hidden className="flex-none" />}
            {words}
          </li>
        );
      })}
    </ul>
  );
}

/** One purpose: its name, how many said what, and one action at the right. */
export function ConsentPurposeRow({
  icon: Icon,
  name,
  counts,
  action,
}: {
  icon: LucideIcon;
  name: string;
  counts: string;
  action: ReactNode;
}) {
  return (
    <li className="flex items-center gap-3 border-b border-line py-2.5">
      <Icon size={26} aria-hidden className="flex-none text-brand" />
      <div className="min-w-0 flex-1">
        <p className="text-16 leading-[1.4] font-bold">{name}</p>
        <p className="text-14 leading-[1.45] text-ink-2">{counts}</p>
      </div>
      {action}
    </li>
  );
}
