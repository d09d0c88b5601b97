/** Geometry of the call screen (pure): which arrangement fits a window, and how many columns give the largest tiles. */

/** `phone` upright, `low` a phone on its side, `tall` a tablet upright, `wide` a tablet on its side, `desk` a desk. */
export type Shape = 'phone' | 'low' | 'tall' | 'wide' | 'desk';

export function shapeOf(width: number, height: number): Shape {
  if (height < 520) return 'low';
  if (width < 720) return 'phone';
  if (width >= 1240) return 'desk';
  return width >= 1000 && width > height ? 'wide' : 'tall';
}

/** Columns and rows that give each of `count` tiles the largest picture of the wanted proportion. */
export function gridShape(
  count: number,
  width: number,
  height: number,
  proportion = 16 / 10,
): { readonly columns: number; readonly rows: number } {
  let best = { columns: 1, rows: Math.max(1, count), picture: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const picture = Math.min(width / columns, (height / rows) * proportion);
    if (picture > best.picture) best = { columns, rows, picture };
  }
  return { columns: best.columns, rows: best.rows };
}
