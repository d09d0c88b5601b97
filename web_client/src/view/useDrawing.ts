/** Input on a surface: pointer events and keys become gestures, gestures become marks and what the others see of them. */
import { type KeyboardEvent, type PointerEvent, type RefObject, useRef, useState } from 'react';
import type { SurfaceSize } from '../design';
import {
  down,
  type Gesture,
  IDLE,
  isAtOnePoint,
  move,
  nudge,
  type Point,
  press,
  type Step,
  up,
} from './gesture';
import { type Audience, type Colour, newMarkId, quantise, type Tool, UNIT } from './marks';
import type { SurfaceMarks } from './SurfaceMarks';

/** What is in the hand. */
export interface Pen {
  readonly tool: Tool | 'point';
  readonly colour: Colour;
  readonly width: number;
  readonly audience: Audience;
}

/** A mark that is complete but for its words. */
export interface Unworded {
  readonly id: string;
  readonly tool: Tool;
  readonly points: readonly number[];
}

export interface Drawing {
  readonly gesture: Gesture;
  /** Where the keyboard is; null while it is not used. */
  readonly cursor: Point | null;
  readonly handlers: {
    onPointerDown: (event: PointerEvent<SVGSVGElement>) => void;
    onPointerMove: (event: PointerEvent<SVGSVGElement>) => void;
    onPointerUp: (event: PointerEvent<SVGSVGElement>) => void;
    onPointerCancel: () => void;
    onPointerLeave: (event: PointerEvent<SVGSVGElement>) => void;
    onKeyDown: (event: KeyboardEvent<SVGSVGElement>) => void;
    onBlur: () => void;
  };
}

const MIDDLE: Point = [UNIT / 2, UNIT / 2];
const TREMBLE_PX = 6;

export function useDrawing({
  svg,
  marks,
  pen,
  size,
  unit,
  onDone,
}: {
  svg: RefObject<SVGSVGElement | null>;
  marks: SurfaceMarks;
  pen: Pen | null;
  size: SurfaceSize;
  /** How many pixels of the surface a CSS pixel takes. */
  unit: number;
  onDone: (mark: Unworded) => void;
}): Drawing {
  const [gesture, setGesture] = useState<Gesture>(IDLE);
  const [cursor, setCursor] = useState<Point | null>(null);
  const id = useRef('');
  const tool = pen?.tool ?? 'point';

  const take = ({ gesture: next, done }: Step) => {
    if (tool === 'point' || pen === null) return;
    if (gesture.at === 'idle' && next.at !== 'idle') id.current = newMarkId();
    setGesture(next);
    if (done !== null) onDone({ id: id.current || newMarkId(), tool, points: done });
    else if (next.at === 'drawing' && next.points.length >= 4 && !isAtOnePoint(tool))
      marks.ink(id.current, { ...pen, tool, points: next.points, text: '' });
    if (done !== null) id.current = '';
  };
  const place = (event: { clientX: number; clientY: number }) => placeOn(svg.current, size, event);
  const point = (at: Point | null) => pen && marks.point(at, pen.audience);

  const onKeyDown = (event: KeyboardEvent<SVGSVGElement>) => {
    if (event.altKey || event.metaKey || pen === null) return;
    const here = cursor ?? MIDDLE;
    const next = nudge(here, event.key, event.shiftKey);
    if (next !== null) {
      setCursor(next);
      if (tool === 'point') point(next);
      else take(move(gesture, tool, next));
    } else if (event.key === 'Enter' || event.key === ' ') {
      setCursor(here);
      if (tool === 'point') point(here);
      else take(press(gesture, tool, here));
    } else if (event.key === 'Escape' && gesture.at !== 'idle') setGesture(IDLE);
    else if (event.ctrlKey && event.key === 'z') marks.undo();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return {
    gesture,
    cursor,
    handlers: {
      onPointerDown: (event) => {
        if (!event.isPrimary || event.button !== 0) return;
        setCursor(null);
        const at = place(event);
        if (tool === 'point') return void point(at);
        event.currentTarget.setPointerCapture(event.pointerId);
        take(down(gesture, at));
      },
      onPointerMove: (event) => {
        if (!event.isPrimary) return;
        if (tool === 'point') return void point(place(event));
        if (gesture.at !== 'drawing') return;
        const passed = event.nativeEvent.getCoalescedEvents?.() ?? [];
        const all = passed.length > 0 ? passed : [event.nativeEvent];
        take(
          all.reduce<Step>((step, each) => move(step.gesture, tool, place(each)), { gesture, done: null }),
        );
      },
      onPointerUp: (event) => {
        if (!event.isPrimary || tool === 'point') return;
        take(up(gesture, tool, ((TREMBLE_PX * unit) / size.width) * UNIT));
      },
      onPointerCancel: () => setGesture(IDLE),
      onPointerLeave: (event) => {
        if (tool === 'point' && event.pointerType === 'mouse') point(null);
      },
      onKeyDown,
      onBlur: () => setCursor(null),
    },
  };
}

/** Where on the surface something on the screen is: the browser undoes fit, rotation and zoom. */
function placeOn(
  svg: SVGSVGElement | null,
  { width, height }: SurfaceSize,
  { clientX, clientY }: { clientX: number; clientY: number },
): Point {
  const matrix = svg?.querySelector('g')?.getScreenCTM();
  if (!matrix) return MIDDLE;
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(matrix.inverse());
  return quantise(x / width, y / height);
}
