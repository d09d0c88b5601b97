/**
 * Where the pictures are: neutral dark, so that rust and cracks keep their colour. One large picture with the others in a
 * strip over its corner, or all in a grid; words about the call float on top, captions have their place at the foot.
 */
import type { LucideIcon } from 'lucide-react';
import { Children, type ReactNode, useEffect, useRef, useState } from 'react';
import { classes } from './classes';
import { Furigana } from './Furigana';
import { gridShape } from './shapes';

/** The large picture, a strip of small ones, notices on top, the caption slot below. */
export function Stage({
  label,
  main,
  strip,
  notices,
  caption,
  overlay,
  small = false,
  lowNotices = false,
}: {
  label: string;
  main: ReactNode;
  strip?: ReactNode;
  notices?: ReactNode;
  /** Live captions, above or below the pictures, never over them. */
  caption?: ReactNode;
  /** Over the picture, in places of its own. */
  overlay?: ReactNode;
  /** Phones: the strip is narrow and at the top. */
  small?: boolean;
  /** At the foot, where they cover no tools. */
  lowNotices?: boolean;
}) {
  return (
    <section
      aria-label={label}
      className="group relative flex size-full flex-col overflow-hidden bg-stage text-white"
    >
      <div className="relative min-h-0 flex-1">
        <div
          className={classes(
            'size-full [&>figure]:rounded-none',
            lowNotices && 'group-has-data-recording:pt-9', // tools are at the head: the red mark covers none
          )}
        >
          {main}
        </div>
        {overlay}
        {strip && (
          <div
            className={classes(
              'absolute flex flex-col gap-2.5 overflow-y-auto',
              small ? 'top-3 right-3 max-h-[60%] w-30' : 'right-4 bottom-4 max-h-[calc(100%-32px)] w-50',
            )}
          >
            {strip}
          </div>
        )}
        {notices && (
          <div
            className={classes(
              'pointer-events-none absolute inset-x-3 z-10 flex flex-col items-start gap-2.5 *:pointer-events-auto tablet:inset-x-4',
              lowNotices
                ? 'bottom-28 tablet:bottom-16'
                : 'top-3 group-has-data-recording:top-11 tablet:top-4',
            )}
          >
            {notices}
          </div>
        )}
      </div>
      {caption}
    </section>
  );
}

/** All pictures at once, in as many columns as make them largest. */
export function TileGrid({ children }: { children: ReactNode }) {
  const box = useRef<HTMLUListElement>(null);
  const [size, setSize] = useState({ width: 16, height: 10 });
  const count = Children.count(children);

  useEffect(() => {
    const element = box.current;
    if (!element || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(() =>
      setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const { columns, rows } = gridShape(count, size.width, size.height);
  const inLastRow = count - columns * (rows - 1);
  // Half columns, so that a last row that is not full stands in the middle.
  const startOf = (at: number) => (at === count - inLastRow ? columns - inLastRow + 1 : 'auto');
  return (
    <ul
      ref={box}
      className="grid size-full gap-2 p-2"
      style={{
        gridTemplateColumns: `repeat(${columns * 2}, minmax(0, 1fr))`,
        gridTemplateRows: `repeat(${rows}, minmax(0, 1fr))`,
      }}
    >
      {Children.map(children, (child, at) => (
        <li className="min-h-0 min-w-0" style={{ gridColumn: `${startOf(at)} / span 2` }}>
          {child}
        </li>
      ))}
    </ul>
  );
}

/** A tile that can be pressed to become large; `label` says whose. */
export function PressableTile({
  label,
  pressed,
  onPress,
  children,
  fill = false,
  small = false,
}: {
  label: string;
  pressed: boolean;
  onPress: () => void;
  children: ReactNode;
  fill?: boolean;
  /** In the narrow strip of a phone. */
  small?: boolean;
}) {
  return (
    <div
      className={classes(
        'relative flex-none',
        fill ? 'size-full' : 'w-full [&>figure]:border-2 [&>figure]:border-white',
        !fill && (small ? 'aspect-square' : 'aspect-[16/10]'),
      )}
    >
      {children}
      <button
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        onClick={onPress}
        className="absolute inset-0 size-full rounded-control -outline-offset-4!"
      />
    </div>
  );
}

/** Words about the call over the stage: what happened, what still works, and a way on where one is needed. */
export function StageNotice({
  icon: Icon,
  title,
  counter,
  children,
  action,
  below,
  tone = 'warn',
  urgent = false,
}: {
  icon: LucideIcon;
  title: ReactNode;
  /** Changes every second, so it is seen but not read out. */
  counter?: string;
  children?: ReactNode;
  action?: ReactNode;
  /** Under the words, for example the steps of the ladder. */
  below?: ReactNode;
  tone?: 'warn' | 'ok';
  urgent?: boolean;
}) {
  return (
    <div
      role={urgent ? 'alert' : 'status'}
      className={classes(
        'flex w-full max-w-[720px] flex-wrap items-center gap-x-3.5 gap-y-2.5 self-center rounded-card border-2 bg-black px-4 py-3 text-white',
        tone === 'warn' ? 'border-warn-stage' : 'border-ok-stage',
      )}
    >
      <Icon
        size={28}
        aria-hidden
        className={classes('flex-none', tone === 'warn' ? 'text-warn-stage' : 'text-ok-stage')}
      />
      <div className="min-w-0 flex-1 basis-44">
        <p className="heading text-18 leading-[1.45]">
          {title}
          {counter && (
            <span aria-hidden="true" className="figures ml-2">
              {counter}
            </span>
          )}
        </p>
        {children && <p className="text-16 leading-[1.5] text-stage-ink-2">{children}</p>}
        {below}
      </div>
      {action && <div className="flex flex-none flex-wrap gap-2">{action}</div>}
    </div>
  );
}

/** A large sentence in the middle of an empty stage. */
export function StageMessage({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="absolute inset-x-4 bottom-12 z-[1] grid justify-items-center">
      <div className="plate-on-video max-w-[560px] rounded-card px-5 py-3 text-center">
        <p className="heading text-18">
          <Furigana text={title} />
        </p>
        {children && <p className="text-16 leading-[1.5] text-stage-ink-2">{children}</p>}
      </div>
    </div>
  );
}
