/**
 * The frame of the staff's call screen. One set of parts in five arrangements: on a tablet on its side panel | stage |
 * rail; upright the stage on top, panel below, tools at the bottom edge; on a desk stage and tools left, panel right; on
 * phones stage and tools, panels as sheets.
 */
import { CircleDashed, Clock, type LucideIcon, Signal, SignalLow } from 'lucide-react';
import { type ReactNode, useSyncExternalStore } from 'react';
import { classes } from './classes';
import { type Shape, shapeOf } from './shapes';

function onResize(listener: () => void): () => void {
  window.addEventListener('resize', listener);
  return () => window.removeEventListener('resize', listener);
}

/** The arrangement for the window as it is now. */
export function useShape(): Shape {
  return useSyncExternalStore(onResize, () => shapeOf(window.innerWidth, window.innerHeight));
}

/** True where the panel stands beside or under the stage; else it opens as a sheet. */
export function hasPanel(shape: Shape): boolean {
  return shape === 'tall' || shape === 'wide' || shape === 'desk';
}

const FRAMES: Record<Shape, string> = {
  phone: 'grid-rows-[auto_minmax(0,1fr)_auto] [grid-template-areas:"bar""stage""tools"]',
  low: 'grid-cols-[minmax(0,1fr)_auto] grid-rows-[auto_minmax(0,1fr)] [grid-template-areas:"bar_bar""stage_tools"]',
  tall: 'grid-rows-[auto_minmax(0,1.15fr)_minmax(0,1fr)_auto] [grid-template-areas:"bar""stage""panel""tools"]',
  wide: 'grid-cols-[348px_minmax(0,1fr)_128px] grid-rows-[auto_minmax(0,1fr)] [grid-template-areas:"bar_bar_bar""panel_stage_tools"]',
  desk: 'grid-cols-[minmax(0,1fr)_412px] grid-rows-[auto_minmax(0,1fr)_auto] [grid-template-areas:"bar_bar""stage_panel""tools_panel"]',
};

export function CallFrame({
  shape,
  bar,
  stage,
  panel,
  panelLabel,
  tools,
}: {
  shape: Shape;
  bar: ReactNode;
  stage: ReactNode;
  panel?: ReactNode;
  panelLabel: string;
  tools: ReactNode;
}) {
  return (
    <div data-whole-screen className={classes('grid h-dvh overflow-hidden bg-stage', FRAMES[shape])}>
      <div className="[grid-area:bar]">{bar}</div>
      <main id="main" className="relative min-h-0 min-w-0 [grid-area:stage]">
        {stage}
      </main>
      {panel && (
        <aside
          aria-label={panelLabel}
          className="flex min-h-0 min-w-0 flex-col bg-surface text-ink [grid-area:panel]"
        >
          {panel}
        </aside>
      )}
      <div className="min-h-0 min-w-0 [grid-area:tools]">{tools}</div>
    </div>
  );
}

export type LineLook = 'ok' | 'warn' | 'danger' | 'quiet';

const LINE_TONES: Record<LineLook, string> = {
  ok: 'text-ok-stage',
  warn: 'text-warn-stage',
  danger: 'text-danger-stage',
  quiet: 'text-stage-ink-2',
};

/** On top of the stage: what this call is, the state of the line in words, the time. */
export function CallBar({
  title,
  number,
  line,
  lineLook,
  elapsed,
  elapsedLabel,
  actions,
  as: As = 'header',
}: {
  title: string;
  number?: string;
  line: string;
  lineLook: LineLook;
  elapsed: ReactNode;
  elapsedLabel: string;
  actions?: ReactNode;
  as?: 'header' | 'div';
}) {
  const Title = As === 'header' ? 'h1' : 'p';
  const Icon: LucideIcon = lineLook === 'ok' ? Signal : lineLook === 'quiet' ? CircleDashed : SignalLow;
  return (
    <As className="flex min-h-13 items-center gap-x-4 gap-y-0.5 border-b border-stage-3 bg-stage-2 px-4 text-white max-tablet:flex-wrap max-tablet:py-1.5 tablet:min-h-16 tablet:px-5 desk:min-h-14">
      <Title className="min-w-0 truncate text-16 leading-[1.4] max-tablet:basis-full tablet:text-18">
        {title}
      </Title>
      {number && <span className="flex-none text-16 text-stage-ink-2 max-tablet:hidden">{number}</span>}
      <span className="ml-auto flex min-w-0 items-center gap-2 text-14 leading-[1.4] font-medium max-tablet:mr-auto max-tablet:ml-0 tablet:text-16">
        <Icon size={22} aria-hidden className={classes('flex-none', LINE_TONES[lineLook])} />
        <span className="min-w-0">{line}</span>
      </span>
      <span className="figures flex flex-none items-center gap-2 text-14 font-medium tablet:text-16">
        <Clock size={22} aria-hidden className="flex-none" />
        <span className="sr-only">{elapsedLabel}</span>
        {elapsed}
      </span>
      {actions}
    </As>
  );
}

const DECKS: Record<Shape, string> = {
  phone:
    'grid-flow-row grid-cols-4 gap-2 p-2.5 [&>*:last-child]:col-span-2 pb-[max(10px,env(safe-area-inset-bottom))]',
  low: 'h-full auto-rows-fr grid-cols-2 gap-1.5 overflow-y-auto p-2 pr-[max(8px,env(safe-area-inset-right))]',
  tall: 'auto-cols-fr grid-flow-col gap-2 p-3 pb-[max(12px,env(safe-area-inset-bottom))] [&>*]:min-h-24.5 [&>*]:min-w-0!',
  wide: 'h-full content-start gap-2.5 overflow-y-auto p-3 [&>*]:min-h-21 [&>*:last-child]:mt-auto grid-rows-[repeat(auto-fill,auto)]',
  desk: 'grid-flow-col justify-start gap-3 p-3 [&>*]:min-w-24 [&>*:last-child]:ml-auto grid-cols-[repeat(20,auto)]',
};

/** The tools. `hang` ends the call: in the far corner from the thumb on tablets, last on desks. */
export function ToolDeck({
  shape,
  label,
  tools,
  hang,
}: {
  shape: Shape;
  label: string;
  tools: ReactNode;
  hang: ReactNode;
}) {
  const column = shape === 'wide' || shape === 'low';
  if (shape === 'wide' || shape === 'desk') {
    return (
      <section
        aria-label={label}
        className={classes(
          'flex h-full bg-stage-2',
          column
            ? 'flex-col gap-2.5 overflow-y-auto border-l border-stage-3 p-3 [&_button]:min-h-21'
            : 'flex-wrap gap-1.5 border-t border-stage-3 p-2.5 [&_button]:min-w-16 [&_button]:px-0.5 [&_button]:text-14',
        )}
      >
        {tools}
        <div className={column ? 'mt-auto grid flex-none pt-2' : 'ml-auto grid flex-none'}>{hang}</div>
      </section>
    );
  }
  return (
    <section
      aria-label={label}
      className={classes('grid bg-stage-2', !column && 'border-t border-stage-3', DECKS[shape])}
    >
      {shape === 'tall' && hang}
      {tools}
      {shape !== 'tall' && hang}
    </section>
  );
}
