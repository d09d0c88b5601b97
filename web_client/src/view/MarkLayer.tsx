/**
 * Marks, lines being drawn and pointers over any surface whose own width and height are known: a page, a still, a board, a
 * live picture. Lies over the picture in the same box and fits as the picture fits (`object-fit`), so what is pointed at is
 * the same spot on every screen. With a pen in the hand it takes touch, pen, mouse and keyboard.
 */
import { memo, type RefObject, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import {
  Announce,
  Crosshair,
  DrawingSheet,
  isRole,
  MarkShape,
  PointerShape,
  type SurfaceSize,
} from '../design';
import { useWords } from '../words';
import { isFreehand } from './gesture';
import { drawn, keyOf, type Marks } from './marks';
import type { SurfaceMarks } from './SurfaceMarks';
import { type Pen, type Unworded, useDrawing } from './useDrawing';

export interface MarkLayerProps {
  marks: SurfaceMarks;
  size: SurfaceSize;
  fit?: 'contain' | 'cover';
  rotation?: 0 | 90 | 180 | 270;
  /** Null = look only; what lies under it can be pressed then. */
  pen: Pen | null;
  /** What the surface is, in words. */
  label: string;
  /** A finger scrolls, because it only points. */
  scrolls?: boolean;
  /** A mark is complete but for its words; without this it is drawn as it is. */
  onDone?: (mark: Unworded) => void;
}

export function MarkLayer(props: MarkLayerProps) {
  const { marks, size, fit = 'contain', rotation = 0, pen, label, scrolls = false } = props;
  const words = useWords('view');
  const svg = useRef<SVGSVGElement>(null);
  const unit = useUnit(svg, size, fit, rotation);
  const { marks: known } = useSyncExternalStore(marks.watch, marks.drawn.get);
  const done =
    props.onDone ??
    (({ id, tool, points }: Unworded) => pen && void marks.draw({ ...pen, tool, points, text: '' }, id));
  const drawing = useDrawing({ svg, marks, pen, size, unit, onDone: done });
  const { gesture, cursor } = drawing;
  const count = drawn(known).length;
  return (
    <>
      <DrawingSheet
        svgRef={svg}
        size={size}
        fit={fit}
        rotation={rotation}
        active={pen !== null}
        scrolls={scrolls}
        label={words.name('layer.label', { what: label, count })}
        description={words.name('layer.keys')}
        {...drawing.handlers}
      >
        <DrawnMarks marks={known} size={size} unit={unit} />
        <OthersNow marks={marks} size={size} unit={unit} />
        {pen && gesture.at === 'drawing' && pen.tool !== 'point' && (
          <MarkShape
            mark={{ ...pen, tool: pen.tool, points: gesture.points, text: '' }}
            size={size}
            unit={unit}
          />
        )}
        {gesture.at === 'anchored' && <Crosshair isAnchor place={gesture.start} size={size} unit={unit} />}
        {cursor && <Crosshair place={cursor} size={size} unit={unit} />}
      </DrawingSheet>
      <Said gesture={gesture.at} cursor={cursor} pen={pen} />
    </>
  );
}

/** Drawn anew only when a mark is: pointers move twenty times a second. */
const DrawnMarks = memo(({ marks, size, unit }: { marks: Marks; size: SurfaceSize; unit: number }) => (
  <g>
    {drawn(marks).map((mark) => (
      <MarkShape key={keyOf(mark)} mark={mark} size={size} unit={unit} />
    ))}
  </g>
));

function OthersNow({ marks, size, unit }: { marks: SurfaceMarks; size: SurfaceSize; unit: number }) {
  const { pointers, inks } = useSyncExternalStore(marks.passing.subscribe, marks.passing.get);
  return (
    <g>
      {inks.map((ink) => (
        <MarkShape
          key={ink.author}
          mark={{ ...ink, text: '', audience: 'all' }}
          size={size}
          unit={unit}
          faint
        />
      ))}
      {pointers.map(({ identity, name, role, at }) => (
        <PointerShape
          key={identity}
          place={at}
          size={size}
          unit={unit}
          name={name}
          role={isRole(role) ? role : 'partner'}
        />
      ))}
    </g>
  );
}

/** What the keyboard does, for those who hear it. */
function Said({
  gesture,
  cursor,
  pen,
}: {
  gesture: 'idle' | 'drawing' | 'anchored';
  cursor: readonly [number, number] | null;
  pen: Pen | null;
}) {
  const words = useWords('view');
  const isFree = pen !== null && pen.tool !== 'point' && isFreehand(pen.tool);
  const now =
    gesture === 'anchored'
      ? words.name('layer.anchored')
      : gesture === 'drawing' && isFree && cursor
        ? words.name('layer.drawing')
        : '';
  const where = cursor
    ? words.name('layer.where', { x: Math.round(cursor[0] / 100), y: Math.round(cursor[1] / 100) })
    : '';
  return <Announce>{[now, where].filter(Boolean).join(' ')}</Announce>;
}

/** How many pixels of the surface one CSS pixel takes, as the window is now. */
function useUnit(
  svg: RefObject<SVGSVGElement | null>,
  size: SurfaceSize,
  fit: 'contain' | 'cover',
  rotation: number,
): number {
  const [box, setBox] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const element = svg.current;
    if (!element || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(() =>
      setBox({ width: element.clientWidth, height: element.clientHeight }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [svg]);
  if (box.width === 0 || box.height === 0) return 1;
  const [across, down] = rotation % 180 === 0 ? [size.width, size.height] : [size.height, size.width];
  const ratios = [across / box.width, down / box.height] as const;
  return fit === 'cover' ? Math.min(...ratios) : Math.max(...ratios);
}
