import { describe, expect, test } from 'vitest';

import { gridShape, shapeOf } from './shapes';

describe('the grid gives the largest pictures', () => {
  test.each([
    [1, 1000, 600, 1, 1],
    [2, 1000, 600, 2, 1],
    [2, 390, 800, 1, 2],
    [3, 820, 700, 2, 2],
    [4, 1000, 600, 2, 2],
    [5, 1400, 600, 3, 2],
    [9, 1000, 625, 3, 3],
  ])('%i tiles in %i x %i: %i columns, %i rows', (count, width, height, columns, rows) => {
    expect(gridShape(count, width, height)).toEqual({ columns, rows });
  });

  test('no tiles need no arithmetic', () => {
    expect(gridShape(0, 100, 100)).toEqual({ columns: 1, rows: 1 });
  });
});

test.each([
  [390, 844, 'phone'],
  [844, 390, 'low'],
  [820, 1180, 'tall'],
  [1180, 820, 'wide'],
  [1024, 1366, 'tall'],
  [1366, 768, 'desk'],
])('a window of %i x %i is %s', (width, height, shape) => {
  expect(shapeOf(width, height)).toBe(shape);
});
