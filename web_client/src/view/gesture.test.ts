import { expect, test } from 'vitest';
import { down, type Gesture, IDLE, move, nudge, type Point, press, up } from './gesture';
import type { Tool } from './marks';

function drag(tool: Tool, from: Gesture, ...points: Point[]) {
  const [first = [0, 0], ...rest] = points;
  const begun = down(from, first as Point).gesture;
  return up(
    rest.reduce((gesture, point) => move(gesture, tool, point).gesture, begun),
    tool,
    50,
  );
}

test('a drag draws from where it began to where it ended', () => {
  expect(drag('arrow', IDLE, [100, 100], [500, 500], [900, 200]).done).toEqual([100, 100, 900, 200]);
  expect(drag('pen', IDLE, [1, 1], [2, 2], [2, 2], [3, 3]).done).toEqual([1, 1, 2, 2, 3, 3]);
});

test('two taps draw what a drag draws', () => {
  const first = drag('rect', IDLE, [100, 100], [110, 105]);
  expect(first).toEqual({ gesture: { at: 'anchored', start: [100, 100] }, done: null });

  expect(drag('rect', first.gesture, [900, 800]).done).toEqual([100, 100, 900, 800]);
});

test('a tap is a dot, a word or a stamp where it was', () => {
  expect(drag('pen', IDLE, [5, 5]).done).toEqual([5, 5]);
  expect(drag('text', IDLE, [5, 5], [7, 7]).done).toEqual([7, 7]);
  expect(drag('stamp', IDLE, [5, 5]).gesture).toBe(IDLE);
});

test('with keys a line has its ends placed, and freehand follows the arrows between two presses', () => {
  const placed = press(IDLE, 'line', [100, 100]);
  expect(press(placed.gesture, 'line', [300, 100]).done).toEqual([100, 100, 300, 100]);

  const begun = press(IDLE, 'pen', [100, 100]).gesture;
  const drawn = move(move(begun, 'pen', [200, 100]).gesture, 'pen', [200, 200]).gesture;
  expect(press(drawn, 'pen', [200, 200]).done).toEqual([100, 100, 200, 100, 200, 200]);
});

test('arrow keys go a hundredth of the surface, with Shift a tenth of that, and never off it', () => {
  expect(nudge([5000, 5000], 'ArrowUp', false)).toEqual([5000, 4900]);
  expect(nudge([5000, 5000], 'ArrowRight', true)).toEqual([5010, 5000]);
  expect(nudge([0, 0], 'ArrowLeft', false)).toEqual([0, 0]);
  expect(nudge([0, 0], 'q', false)).toBeNull();
});
