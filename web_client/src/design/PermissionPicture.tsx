/**
 * A picture of the question the browser is about to ask, in the shape it has on this system: dashed frame, a black label
 * that says it is a picture, one ring around what to press. It can neither be pressed nor focused.
 */
import { CornerRightUp, Lock, Mic, Video } from 'lucide-react';
import { classes } from './classes';
import { Furigana } from './Furigana';

export interface PermissionWords {
  /** 「絵です。まだ押せません」 */
  label: string;
  /** What a screen reader says instead of the picture. */
  spoken: string;
  host: string;
  question: string;
  devices: string;
  deny: string;
  allow: string;
  pressHere: string;
}

export function PermissionPicture({
  shape,
  words,
}: {
  shape: 'ios' | 'android' | 'desktop';
  words: PermissionWords;
}) {
  return (
    <figure
      role="img"
      aria-label={words.spoken}
      className="relative m-0 mt-6 select-none rounded-sheet border-2 border-dashed border-line-control bg-well p-4 pt-5 pb-3"
    >
      <figcaption className="absolute -top-3.5 left-4 rounded-tag bg-ink px-2.5 py-1 text-16 leading-[1.3] font-bold text-white">
        <Furigana text={words.label} />
      </figcaption>
      <div aria-hidden="true">
        <div className="overflow-hidden rounded-card border border-line-control bg-surface">
          <p className="flex items-center gap-2.5 border-b border-line px-3.5 py-1.5 text-16 leading-[1.4]">
            <Lock size={20} aria-hidden className="flex-none" />
            <span className="truncate">{words.host}</span>
          </p>
          <div className={classes('bg-line p-3.5', shape === 'desktop' && 'pr-[18%]')}>
            {shape === 'ios' ? <Columns words={words} /> : <List words={words} />}
          </div>
        </div>
        <p className="flex items-center justify-end gap-3 pt-2 pr-3 text-18 font-bold text-brand">
          <Furigana text={words.pressHere} />
          <CornerRightUp size={26} strokeWidth={2.5} aria-hidden />
        </p>
      </div>
    </figure>
  );
}

const ANSWER = 'grid min-h-12 place-items-center px-2 text-center text-18 leading-[1.2]';
const RING = 'rounded-control border-4 border-brand bg-surface font-bold text-brand';

/** iOS: a sheet with the two answers beside each other. */
function Columns({ words }: { words: PermissionWords }) {
  return (
    <div className="overflow-hidden rounded-sheet bg-surface shadow-2">
      <p className="px-4 pt-4 pb-3.5 text-center text-16 leading-[1.5] font-bold text-balance">
        {words.question}
      </p>
      <div className="grid grid-cols-2 border-t border-line p-1">
        <span className={classes(ANSWER, 'text-ink-3')}>{words.deny}</span>
        <span className={classes(ANSWER, RING)}>{words.allow}</span>
      </div>
    </div>
  );
}

/** Chrome and Edge: the devices as a list, then the answers one under the other. */
function List({ words }: { words: PermissionWords }) {
  return (
    <div className="rounded-sheet bg-surface p-4 shadow-2">
      <p className="text-16 leading-[1.5] font-bold">{words.question}</p>
      <p className="mt-1.5 flex items-center gap-2 text-16 leading-[1.4]">
        <Mic size={20} aria-hidden className="flex-none" />
        <Video size={20} aria-hidden className="flex-none" />
        {words.devices}
      </p>
      <span className={classes(ANSWER, RING, 'mt-3')}>{words.allow}</span>
      <span className={classes(ANSWER, 'mt-1 text-ink-3')}>{words.deny}</span>
    </div>
  );
}
