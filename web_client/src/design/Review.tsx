/**
 * Going through a call afterwards: the picture, what stood beside it and the words, over one timeline with a lane for each
 * kind of thing. On desks all at once; on tablets and phones one under the other.
 */
import { Gauge, type LucideIcon, Pause, Play } from 'lucide-react';
import { type ReactNode, type Ref, useId } from 'react';
import { classes } from './classes';
import { type Role, RoleLetter } from './NamePlate';
import './review.css';

/** On desks `picture`, `beside` and `lines` stand beside each other over `time`; elsewhere time follows the picture. */
export function ReviewFrame({
  picture,
  beside,
  lines,
  time,
}: {
  picture: ReactNode;
  beside: ReactNode;
  lines: ReactNode;
  time: ReactNode;
}) {
  return (
    <div className="review-frame overflow-hidden rounded-card border border-line bg-surface">
      <div className="min-w-0 bg-stage">{picture}</div>
      <div className="min-w-0">{time}</div>
      <div className="min-w-0">{lines}</div>
      <div className="review-beside min-w-0 bg-well p-4">{beside}</div>
    </div>
  );
}

/** The picture that was recorded, with who is seen and who looks at it now across it. */
export function ReviewPicture({
  videoRef,
  name,
  watermark,
  said,
  instead,
}: {
  videoRef: Ref<HTMLVideoElement>;
  /** Whose picture it is; empty while there is none. */
  name: string;
  watermark: string;
  /** What is said at this moment. */
  said?: string | undefined;
  /** Over all of it: opening, or why there is nothing. */
  instead?: ReactNode;
}) {
  return (
    <div className="review-picture size-full overflow-hidden bg-stage text-white">
      <video
        ref={videoRef}
        muted
        playsInline
        className={classes('size-full object-contain', !name && 'invisible')}
      />
      {!instead && watermark && (
        <p aria-hidden="true" className="review-watermark">
          {watermark}
          <br />
          {watermark}
        </p>
      )}
      {!instead && name && (
        <p className="plate-on-video absolute top-4 left-4 rounded-control px-3 py-1.5 text-16 font-bold">
          {name}
        </p>
      )}
      {!instead && said && (
        <p className="plate-on-video absolute inset-x-0 bottom-0 px-4 py-2.5 text-18 leading-[1.5] font-bold">
          {said}
        </p>
      )}
      {instead && (
        <div className="absolute inset-0 grid items-center overflow-y-auto bg-well p-5 text-center text-ink">
          {instead}
        </div>
      )}
    </div>
  );
}

/** Words in the place of the picture. */
export function ReviewMessage({
  icon: Icon,
  title,
  children,
}: {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
}) {
  return (
    <div className="review-message">
      <Icon size={36} aria-hidden className="text-ink-2" />
      <p className="heading text-18">{title}</p>
      {children}
    </div>
  );
}

/** The lines: what is looked for stays on top, they scroll under it. */
export function ReviewLines({
  label,
  search,
  children,
}: {
  label: string;
  search: ReactNode;
  children: ReactNode;
}) {
  return (
    <section aria-label={label} className="review-lines flex h-full flex-col">
      <div className="flex-none border-b border-line p-3">{search}</div>
      <div className="min-h-0 flex-1 overflow-y-auto focus-inside">{children}</div>
    </section>
  );
}

/** One line: pressed, its second is heard. `marked` is what was looked for in it. */
export function ReviewLine({
  time,
  role,
  name,
  text,
  marked = '',
  current,
  tag,
  note,
  action,
  hint,
  id,
  onPress,
}: {
  id: string;
  time: string;
  role: Role | null;
  name: string;
  text: string;
  marked?: string;
  current: boolean;
  tag?: ReactNode;
  note?: string;
  action?: ReactNode;
  /** What pressing does, for those who hear it. */
  hint: string;
  onPress: () => void;
}) {
  return (
    <li
      id={`line-${id}`}
      aria-current={current || undefined}
      className={classes(
        'border-b px-3 py-2',
        current ? 'border-brand bg-brand-tint' : 'border-line-soft bg-surface',
      )}
    >
      <div className="flex items-start gap-2">
        <button
          type="button"
          onClick={onPress}
          className="review-line min-h-11 min-w-0 flex-1 rounded-control py-1 text-left hover:bg-brand-tint"
        >
          <span className="figures pt-0.5 text-14 text-ink-2">{time}</span>
          <span className="min-w-0">
            <span className="flex items-center gap-2 text-14 leading-[1.5] text-ink-2">
              {role && <RoleLetter role={role} />}
              {name}
            </span>
            <span className="block text-16 leading-[1.6]">
              <Marked text={text} wanted={marked} />
            </span>
            <span className="sr-only">{hint}</span>
          </span>
        </button>
        {tag}
      </div>
      {note && <p className="review-under-line text-14 text-ink-2">{note}</p>}
      {action && <div className="review-under-line flex flex-wrap gap-2 pt-1">{action}</div>}
    </li>
  );
}

function Marked({ text, wanted }: { text: string; wanted: string }) {
  const at = wanted ? text.toLowerCase().indexOf(wanted.toLowerCase()) : -1;
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark className="bg-mark text-ink">{text.slice(at, at + wanted.length)}</mark>
      {text.slice(at + wanted.length)}
    </>
  );
}

/** Play, where, how fast, and what else; one row over the timeline. */
export function PlayBar({
  isPlaying,
  playLabel,
  onPlay,
  disabled,
  at_ms,
  length_ms,
  seekLabel,
  timeOf,
  onSeek,
  rate,
  rateLabel,
  onRate,
  children,
}: {
  isPlaying: boolean;
  playLabel: string;
  onPlay: () => void;
  /** There is nothing to be heard; the place can still be chosen. */
  disabled: boolean;
  at_ms: number;
  length_ms: number;
  seekLabel: string;
  timeOf: (at_ms: number) => string;
  onSeek: (at_ms: number) => void;
  rate: number;
  rateLabel: string;
  onRate: () => void;
  children?: ReactNode;
}) {
  const Icon = isPlaying ? Pause : Play;
  return (
    <div className="flex flex-wrap items-center gap-3 border-b border-line px-4 py-2.5">
      <button
        type="button"
        aria-label={playLabel}
        disabled={disabled}
        onClick={onPlay}
        className="grid size-12 flex-none place-items-center rounded-full bg-brand text-white hover:bg-brand-press disabled:cursor-not-allowed disabled:bg-line-soft disabled:text-ink-3"
      >
        <Icon size={26} aria-hidden />
      </button>
      <button
        type="button"
        aria-label={rateLabel}
        disabled={disabled}
        onClick={onRate}
        className="figures inline-flex min-h-11 items-center gap-1.5 rounded-control border border-line-control bg-surface px-3 text-14 font-bold disabled:cursor-not-allowed disabled:text-ink-3"
      >
        <Gauge size={18} aria-hidden />
        {rate.toFixed(1)}×
      </button>
      <span className="figures text-16 font-bold">{timeOf(at_ms)}</span>
      <input
        type="range"
        aria-label={seekLabel}
        aria-valuetext={timeOf(at_ms)}
        min={0}
        max={length_ms}
        step={1000}
        value={at_ms}
        onChange={({ currentTarget }) => onSeek(Number(currentTarget.value))}
        className="review-seek"
      />
      {children}
    </div>
  );
}

export type LaneLook = 'picture' | 'paper' | 'consent' | 'gone' | 'hidden' | Role;

const LANE_LOOKS: Record<LaneLook, string> = {
  picture: 'bg-line-control',
  paper: 'border border-line-control bg-well',
  consent: 'bg-ok-mid',
  hidden: 'bg-ink',
  gone: 'border border-dashed border-line-control bg-surface',
  field: 'bg-field',
  specialist: 'bg-expert',
  supervisor: 'bg-boss',
  resident: 'bg-citizen',
  partner: 'bg-other',
  interpreter: 'bg-other',
  admin: 'bg-ink',
  operator: 'bg-ink',
};

export interface LaneSpan {
  readonly key: string;
  readonly from_ms: number;
  readonly to_ms: number;
  readonly look: LaneLook;
}

export interface LanePoint {
  readonly key: string;
  readonly at_ms: number;
  readonly words: string;
  readonly icon: LucideIcon;
}

export interface Lane {
  readonly name: string;
  readonly spans: readonly LaneSpan[];
  readonly points?: readonly LanePoint[];
}

/** What was when: a lane for each kind, the cursor through all of them. What it draws, the lists beside it say in words. */
export function Lanes({
  label,
  lanes,
  marks,
  at_ms,
  length_ms,
  now,
  onSeek,
}: {
  label: string;
  lanes: readonly Lane[];
  marks: readonly { readonly at_ms: number; readonly words: string }[];
  at_ms: number;
  length_ms: number;
  /** The moment at the cursor, in words. */
  now: string;
  onSeek: (at_ms: number) => void;
}) {
  const labelId = useId();
  const place = (each: number) => `${(Math.min(Math.max(each, 0), length_ms) / length_ms) * 100}%`;
  return (
    <figure className="m-0 px-4 pt-2 pb-3">
      <figcaption id={labelId} className="sr-only">
        {label}
      </figcaption>
      <div className="review-lanes">
        {lanes.map(({ name, spans, points = [] }) => (
          <div key={name} className="contents">
            <p className="truncate py-0.5 text-14 leading-[1.7] text-ink-2">{name}</p>
            {/* biome-ignore lint/a11y/noStaticElementInteractions: a convenience of the pointer; the slider above does the same */}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the slider above does the same */}
            <div
              className={classes('review-lane', points.length > 0 && 'review-lane-of-points')}
              onClick={({ clientX, currentTarget }) => {
                const { left, width } = currentTarget.getBoundingClientRect();
                if (width > 0) onSeek(((clientX - left) / width) * length_ms);
              }}
            >
              {spans.map(({ key, from_ms, to_ms, look }) => (
                <span
                  key={key}
                  aria-hidden="true"
                  className={classes('review-span', LANE_LOOKS[look])}
                  style={{ left: place(from_ms), width: `calc(${place(to_ms)} - ${place(from_ms)})` }}
                />
              ))}
              {points.map(({ key, at_ms: moment, words, icon: Icon }) => (
                <button
                  key={key}
                  type="button"
                  aria-label={words}
                  title={words}
                  onClick={(event) => {
                    event.stopPropagation();
                    onSeek(moment);
                  }}
                  className="review-point grid size-9 place-items-center rounded-full border-2 border-brand bg-surface text-brand hover:bg-brand-tint-2"
                  style={{ left: place(moment) }}
                >
                  <Icon size={18} aria-hidden />
                </button>
              ))}
            </div>
          </div>
        ))}
        <span />
        <div aria-hidden="true" className="review-marks">
          {marks.map(({ at_ms: moment, words }) => (
            <span key={moment} className="figures text-14 text-ink-2" style={{ left: place(moment) }}>
              {words}
            </span>
          ))}
        </div>
        <div aria-hidden="true" className="review-cursor">
          <span style={{ left: place(at_ms) }}>
            <span
              className={classes(
                'figures rounded-tag bg-danger px-1.5 text-14 leading-[1.6] font-bold text-white',
                at_ms > length_ms * 0.9 && 'is-at-the-end',
              )}
            >
              {now}
            </span>
          </span>
        </div>
      </div>
    </figure>
  );
}
