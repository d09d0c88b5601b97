/**
 * From touches, mouse, pen and keys to a mark's points (pure). Every tool works by dragging and without: a line, an arrow, a
 * shape or a length also by a tap at each end, freehand also by keys (WCAG 2.2, 2.5.7). Points are in 10000ths.
 */
import { type Tool, UNIT } from './marks';

export type Point = readonly [number, number];

export type Gesture =
  | { readonly at: 'idle' }
  /** The button, finger or key is down; `start` is where that began, `isSecond` when it is the second tap. */
  | { readonly at: 'drawing'; readonly points: readonly number[]; readonly isSecond: boolean }
  /** A tap placed the first end. */
  | { readonly at: 'anchored'; readonly start: Point };

export const IDLE: Gesture = { at: 'idle' };

export interface Step {
  readonly gesture: Gesture;
  /** The points of a mark that is complete now. */
  readonly done: readonly number[] | null;
}

export const isFreehand = (tool: Tool): boolean => tool === 'pen' || tool === 'highlighter';
export const isAtOnePoint = (tool: Tool): boolean => tool === 'text' || tool === 'stamp';

const step = (gesture: Gesture, done: readonly number[] | null = null): Step => ({ gesture, done });

export function down(gesture: Gesture, point: Point): Step {
  if (gesture.at === 'anchored')
    return step({ at: 'drawing', points: [...gesture.start, ...point], isSecond: true });
  return step({ at: 'drawing', points: [...point], isSecond: false });
}

export function move(gesture: Gesture, tool: Tool, point: Point): Step {
  if (gesture.at !== 'drawing') return step(gesture);
  const { points } = gesture;
  if (!isFreehand(tool)) return step({ ...gesture, points: [...points.slice(0, 2), ...point] });
  const isSame = points.at(-2) === point[0] && points.at(-1) === point[1];
  return isSame ? step(gesture) : step({ ...gesture, points: [...points, ...point] });
}

/** `slack`: how far a tap may tremble, in 10000ths. */
export function up(gesture: Gesture, tool: Tool, slack: number): Step {
  if (gesture.at !== 'drawing') return step(gesture);
  const { points, isSecond } = gesture;
  if (isAtOnePoint(tool)) return step(IDLE, points.slice(-2));
  if (isFreehand(tool)) return step(IDLE, points);
  const [ax = 0, ay = 0, bx = ax, by = ay] = points;
  if (isSecond) return step(IDLE, [ax, ay, bx, by]);
  const isTap = Math.hypot(bx - ax, by - ay) <= slack;
  return isTap ? step({ at: 'anchored', start: [ax, ay] }) : step(IDLE, [ax, ay, bx, by]);
}

/** Enter: places an end; freehand begins with the first and is done with the second. */
export function press(gesture: Gesture, tool: Tool, point: Point): Step {
  if (isAtOnePoint(tool)) return step(IDLE, point);
  if (isFreehand(tool)) return gesture.at === 'drawing' ? step(IDLE, gesture.points) : down(gesture, point);
  if (gesture.at === 'anchored') return step(IDLE, [...gesture.start, ...point]);
  return step({ at: 'anchored', start: point });
}

const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Where an arrow key takes the crosshair: a hundredth, or a tenth of that for fine work; null for other keys. */
export function nudge(point: Point, key: string, isFine: boolean): Point | null {
  const way = ARROWS[key];
  if (!way) return null;
  const far = isFine ? 10 : 100;
  const keep = (value: number) => Math.min(UNIT, Math.max(0, value));
  return [keep(point[0] + way[0] * far), keep(point[1] + way[1] * far)];
}
