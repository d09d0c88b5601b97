/** Evidence stills: the finder they are taken with, their electronic chalkboard, a strip of them, and one looked at closely. */
import { type ReactNode, useEffect, useState } from 'react';
import { classes } from './classes';

/** The live picture in the size it will be taken; `flash` changes with every picture and lights its frame once. */
export function Viewfinder({ flash, children }: { flash: number; children: ReactNode }) {
  const [isLit, setLit] = useState(false);
  useEffect(() => {
    if (flash === 0) return;
    setLit(true);
    const timer = setTimeout(() => setLit(false), 320);
    return () => clearTimeout(timer);
  }, [flash]);
  return (
    <div
      className={classes(
        'grid aspect-[4/3] max-h-[46dvh] w-full place-items-center overflow-hidden rounded-card border-6 bg-stage text-white',
        isLit ? 'border-warn-stage' : 'border-stage',
      )}
    >
      {children}
    </div>
  );
}

/** A question and its answers, all of one size, beside each other. */
export function Answers({ question, children }: { question: string; children: ReactNode }) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 text-16 font-bold">{question}</legend>
      <div className="grid auto-cols-fr grid-flow-col gap-2 *:min-h-16">{children}</div>
    </fieldset>
  );
}

/** The electronic chalkboard (電子小黒板): beside the picture, never in it. */
export function BoardCard({
  title,
  rows,
}: {
  title: string;
  rows: readonly (readonly [label: string, value: string])[];
}) {
  return (
    <section aria-label={title} className="rounded-control border-4 border-[#8a6a3b] bg-[#0b3d2e] text-white">
      <dl className="m-0 grid grid-cols-[auto_1fr] text-16 leading-[1.5]">
        {rows.map(([label, value]) => (
          <div key={label} className="col-span-2 grid grid-cols-subgrid border-white/40 not-first:border-t">
            <dt className="border-r border-white/40 px-3 py-1.5 text-14 leading-[1.7] font-medium text-white/90">
              {label}
            </dt>
            <dd className="m-0 min-w-0 px-3 py-1.5 font-bold break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export interface StripStill {
  readonly id: string;
  readonly url: string | null;
  /** Read out and shown below: time and what it is. */
  readonly label: string;
  /** What is not finished about it. */
  readonly note?: string | undefined;
}

/** Small pictures in the order they were taken; each opens. One that is still on its way has no picture and is no button. */
export function StillStrip({
  label,
  stills,
  chosen,
  onOpen,
}: {
  label: string;
  stills: readonly StripStill[];
  chosen?: string | null;
  onOpen: (id: string) => void;
}) {
  return (
    <ul
      aria-label={label}
      className="m-0 grid list-none grid-cols-[repeat(auto-fill,minmax(104px,1fr))] gap-2 p-0"
    >
      {stills.map(({ id, url, label: words, note }) => (
        <li key={id} className="min-w-0">
          {url === null ? (
            <div className="grid aspect-[4/3] place-items-center rounded-control border border-dashed border-line-control bg-surface p-1 text-center text-14 leading-[1.3] text-ink-2">
              {note}
            </div>
          ) : (
            <button
              type="button"
              aria-pressed={chosen === undefined ? undefined : chosen === id}
              onClick={() => onOpen(id)}
              className={classes(
                'block w-full overflow-hidden rounded-control border-2 bg-surface text-left',
                chosen === id ? 'border-brand' : 'border-line-control hover:border-brand',
              )}
            >
              <img src={url} alt="" loading="lazy" className="aspect-[4/3] w-full bg-stage object-cover" />
              <span className="line-clamp-2 px-1.5 py-1 text-14 leading-[1.3] break-words text-ink">
                {words}
              </span>
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Pictures large, one or two beside each other, and what is known of them at the side (below on phones). */
export function StillView({ pictures, children }: { pictures: ReactNode; children: ReactNode }) {
  return (
    <div className="grid h-full min-h-0 grid-rows-[minmax(45dvh,1fr)_auto] desk:grid-cols-[1fr_376px] desk:grid-rows-1">
      <div className="grid min-h-0 min-w-0 auto-cols-fr grid-flow-row gap-1 bg-stage tablet:grid-flow-col">
        {pictures}
      </div>
      <div className="min-h-0 bg-surface p-5 desk:overflow-y-auto">{children}</div>
    </div>
  );
}

/** One of the pictures, as large as there is room, with its words on a plate. */
export function StillFigure({ url, words, plate }: { url: string; words: string; plate: string }) {
  return (
    <figure className="relative m-0 min-h-0 min-w-0">
      <img src={url} alt={words} className="absolute inset-0 size-full object-contain" />
      <figcaption className="plate-on-video absolute bottom-2 left-2 rounded-tag px-2 py-1 text-14 leading-[1.3] font-medium text-white">
        {plate}
      </figcaption>
    </figure>
  );
}
