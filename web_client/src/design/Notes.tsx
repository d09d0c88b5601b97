/** Notes that wait to be sent and notes that arrived: rows in the order of sending, and a spoken one to play. */
import { type LucideIcon, Pause, Play } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Spinner } from './Button';
import { classes } from './classes';

/** One thing in the queue: its place, what it is, its size, and a sentence about how it fares. */
export function QueueRow({
  place,
  icon: Icon,
  title,
  more,
  size,
  state,
  tone = 'plain',
  children,
}: {
  place: number;
  icon: LucideIcon;
  title: string;
  more?: string | undefined;
  size: string;
  state: string;
  tone?: 'plain' | 'ok' | 'danger';
  children?: ReactNode;
}) {
  return (
    <li className="grid grid-cols-[24px_1fr_auto] items-center gap-x-3 gap-y-2 px-4 py-3 not-first:border-t not-first:border-line">
      <span className="figures text-center text-20 font-bold text-ink-3">{place}</span>
      <div className="min-w-0">
        <p className="flex items-center gap-2 text-16 leading-[1.4] font-bold">
          <Icon size={22} aria-hidden className="flex-none text-brand" />
          {title}
        </p>
        {more && <p className="line-clamp-2 text-14 leading-[1.5] break-words text-ink-2">{more}</p>}
      </div>
      <div className="text-right">
        <p className="figures text-14 leading-[1.4]">{size}</p>
        <p
          className={classes(
            'text-14 leading-[1.4]',
            { plain: 'text-ink-2', ok: 'text-ok', danger: 'font-bold text-danger' }[tone],
          )}
        >
          {state}
        </p>
      </div>
      {children && <div className="col-span-2 col-start-2 min-w-0">{children}</div>}
    </li>
  );
}

export function Queue({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ol aria-label={label} className="overflow-hidden rounded-card border border-line bg-surface">
      {children}
    </ol>
  );
}

const minutes = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/** A spoken note: play, how far, how long. The sound is asked for at the first press; `load` may fail. */
export function SoundClip({
  length_s,
  load,
  words,
}: {
  length_s: number;
  load: () => Promise<Blob>;
  words: { play: string; pause: string; failed: string };
}) {
  const audio = useRef<HTMLAudioElement>(null);
  const [url, setUrl] = useState<string | null>(null);
  const [state, setState] = useState<'still' | 'loading' | 'playing' | 'failed'>('still');
  const [at_s, setAt] = useState(0);
  useEffect(() => () => void (url && URL.revokeObjectURL(url)), [url]);

  const play = async () => {
    const element = audio.current;
    if (!element) return;
    if (state === 'playing') return element.pause();
    try {
      if (url === null) {
        setState('loading');
        const made = URL.createObjectURL(await load());
        setUrl(made);
        element.src = made;
      }
      await element.play();
    } catch {
      setState('failed');
    }
  };
  const Icon = state === 'playing' ? Pause : Play;
  const share = Math.min(1, at_s / Math.max(1, length_s));
  return (
    <div className="flex min-w-60 items-center gap-3 rounded-control border border-line bg-surface p-2">
      {/* biome-ignore lint/a11y/useMediaCaption: a spoken note has no text until somebody writes it down */}
      <audio
        ref={audio}
        preload="none"
        onPlay={() => setState('playing')}
        onPause={() => setState('still')}
        onEnded={() => setAt(0)}
        onTimeUpdate={({ currentTarget }) => setAt(currentTarget.currentTime)}
      />
      <button
        type="button"
        aria-label={state === 'playing' ? words.pause : words.play}
        onClick={() => void play()}
        className="grid size-11 flex-none place-items-center rounded-full bg-brand text-white hover:bg-brand-press"
      >
        {state === 'loading' ? <Spinner size={22} /> : <Icon size={22} aria-hidden />}
      </button>
      <span aria-hidden className="h-1.5 min-w-8 flex-1 overflow-hidden rounded-tag bg-line-soft">
        <span className="block h-full bg-brand" style={{ width: `${share * 100}%` }} />
      </span>
      <span className="figures flex-none text-14 font-bold">
        {minutes(at_s)} / {minutes(length_s)}
      </span>
      {state === 'failed' && (
        <span role="alert" className="text-14 font-bold text-danger">
          {words.failed}
        </span>
      )}
    </div>
  );
}
