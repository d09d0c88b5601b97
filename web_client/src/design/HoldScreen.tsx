/** The whole stage while a guest waits: calm, large words, how long it lasts, and a switch for the tone. */
import { CirclePause, Volume2, VolumeX } from 'lucide-react';
import { Furigana } from './Furigana';

export function HoldScreen({
  title,
  lines,
  elapsed,
  audible,
  soundLabel,
  onSound,
}: {
  title: string;
  lines: readonly string[];
  elapsed: string;
  audible: boolean;
  soundLabel: string;
  onSound: () => void;
}) {
  const Icon = audible ? VolumeX : Volume2;
  return (
    <div className="absolute inset-0 z-20 grid place-content-center justify-items-center gap-4 overflow-y-auto bg-brand-tint p-6 text-center text-ink">
      <CirclePause size={64} aria-hidden className="text-brand" />
      <div role="status" className="grid max-w-[640px] gap-3">
        <p className="heading text-28 tablet:text-36">
          <Furigana text={title} />
        </p>
        {lines.map((line) => (
          <p key={line} className="text-18 tablet:text-20">
            <Furigana text={line} />
          </p>
        ))}
      </div>
      <p aria-hidden="true" className="figures text-18 text-ink-2">
        {elapsed}
      </p>
      <button
        type="button"
        onClick={onSound}
        className="inline-flex min-h-14 items-center gap-2.5 rounded-control border border-brand bg-surface px-5 text-18 font-bold text-brand"
      >
        <Icon size={26} aria-hidden className="flex-none" />
        <Furigana text={soundLabel} />
      </button>
    </div>
  );
}
