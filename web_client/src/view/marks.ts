/**
 * 書き込み (pure): what people draw on a surface, as a set that merges the same way in any order. The rules are those of
 * `field_assist/drawing.py`: a mark belongs to its author and its content never changes; odd revisions are drawn, even ones
 * undone; two copies merge by the higher revision and, where a broken device made two contents, the lesser content.
 * Points are x, y, x, y ... in whole 10000ths of the surface's own width and height.
 */

export const UNIT = 10_000;
export const MAX_POINTS = 600;
export const MAX_TEXT = 200;
export const MAX_WIDTH = 400;

export const TOOLS = [
  'pen',
  'highlighter',
  'line',
  'arrow',
  'rect',
  'ellipse',
  'text',
  'stamp',
  'scale',
  'measure',
] as const;
export type Tool = (typeof TOOLS)[number];

export const COLOURS = ['orange', 'red', 'blue', 'green', 'purple', 'black'] as const;
export type Colour = (typeof COLOURS)[number];

export type Audience = 'all' | 'staff' | 'own';

export interface Content {
  readonly tool: Tool;
  readonly colour: Colour;
  /** Of the surface's width, in 10000ths. */
  readonly width: number;
  readonly points: readonly number[];
  readonly text: string;
  readonly audience: Audience;
}

export interface Mark extends Content {
  readonly id: string;
  readonly author: string;
  readonly revision: number;
  readonly author_name: string;
  readonly author_role: string;
  /** ISO 8601 as the server says; later than anything (`notYet`) while it has not seen the mark. */
  readonly drawn_at: string;
}

export type Marks = ReadonlyMap<string, Mark>;
export const NO_MARKS: Marks = new Map();

export const keyOf = ({ author, id }: Pick<Mark, 'author' | 'id'>): string => `${author} ${id}`;
export const isDrawn = ({ revision }: Pick<Mark, 'revision'>): boolean => revision % 2 === 1;

/** Two copies of a mark in one. */
export function join(one: Mark, other: Mark): Mark {
  const kept = compare(one, other) <= 0 ? one : other;
  const revision = Math.max(one.revision, other.revision);
  const [drawn_at] = [one.drawn_at, other.drawn_at].sort() as [string];
  const isSame = kept.revision === revision && kept.drawn_at === drawn_at;
  return isSame ? kept : { ...kept, revision, drawn_at };
}

/** When a mark was drawn that the server has not seen: after all others, in the order of drawing. */
export const notYet = (now: Date): string => `9999${now.toISOString().slice(4)}`;

/** All marks of both, each once; the same object when nothing is new. */
export function merge(before: Marks, more: Iterable<Mark>): Marks {
  let merged: Map<string, Mark> | null = null;
  for (const mark of more) {
    const key = keyOf(mark);
    const known = (merged ?? before).get(key);
    const joined = known === undefined ? mark : join(known, mark);
    if (joined === known) continue;
    merged ??= new Map(before);
    merged.set(key, joined);
  }
  return merged ?? before;
}

/** Any total order will do, as long as every language has the same: strings by UTF-16 units. */
function compare(one: Content, other: Content): number {
  return (
    order(one.tool, other.tool) ||
    order(one.colour, other.colour) ||
    one.width - other.width ||
    orderOfPoints(one.points, other.points) ||
    order(one.text, other.text) ||
    order(one.audience, other.audience)
  );
}

const order = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function orderOfPoints(one: readonly number[], other: readonly number[]): number {
  for (let at = 0; at < Math.min(one.length, other.length); at += 1) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

/** What is to be seen, in the order it was drawn: the same on every screen. */
export function drawn(marks: Marks): readonly Mark[] {
  return [...marks.values()]
    .filter(isDrawn)
    .sort((one, other) => order(one.drawn_at, other.drawn_at) || order(keyOf(one), keyOf(other)));
}

/** The own mark that 戻す takes back: the last one drawn. */
export function lastOf(marks: Marks, author: string): Mark | undefined {
  return drawn(marks).findLast((mark) => mark.author === author);
}

/** A point in 10000ths, kept on the surface. */
export function quantise(x: number, y: number): readonly [number, number] {
  const whole = (value: number) => Math.min(UNIT, Math.max(0, Math.round(value * UNIT)));
  return [whole(x), whole(y)];
}

/**
 * A drawn line with as few points as show it (Ramer, Douglas and Peucker): none is further off than `tolerance`, and never
 * more than `most` are left.
 */
export function simplify(points: readonly number[], tolerance = 8, most = MAX_POINTS): readonly number[] {
  let kept = thin(points, tolerance);
  for (let wider = tolerance * 2; kept.length > 2 * most; wider *= 2) kept = thin(points, wider);
  return kept;
}

function thin(points: readonly number[], tolerance: number): readonly number[] {
  const count = points.length / 2;
  if (count <= 2) return points;
  const keep = new Uint8Array(count);
  keep[0] = keep[count - 1] = 1;
  const open: [number, number][] = [[0, count - 1]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [from, to] = next;
    let furthest = 0;
    let at = -1;
    for (let middle = from + 1; middle < to; middle += 1) {
      const off = distance(points, middle, from, to);
      if (off > furthest) [furthest, at] = [off, middle];
    }
    if (furthest > tolerance) {
      keep[at] = 1;
      open.push([from, at], [at, to]);
    }
  }
  return points.filter((_, place) => keep[place >> 1] === 1);
}

/** How far a point is off the stretch between two others. */
function distance(points: readonly number[], point: number, from: number, to: number): number {
  const x = (index: number) => points[2 * index] ?? 0;
  const y = (index: number) => points[2 * index + 1] ?? 0;
  const [dx, dy] = [x(to) - x(from), y(to) - y(from)];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((x(point) - x(from)) * dx + (y(point) - y(from)) * dy) / length;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(x(point) - x(from) - share * dx, y(point) - y(from) - share * dy);
}

/** Nine random bytes as the name of a mark: the same on the wire, where bytes are dear, and in the database. */
export function newMarkId(random: Uint8Array = crypto.getRandomValues(new Uint8Array(9))): string {
  return btoa(String.fromCharCode(...random))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}

/** The known length on a surface (「2,900 mm」) in words, or null when no number is in it. */
export function readLength(text: string): { readonly amount: number; readonly unit: string } | null {
  const found = /^([\d,]+(?:\.\d+)?)\s*(\D*)$/.exec(text.normalize('NFKC').trim());
  const amount = Number(found?.[1]?.replaceAll(',', ''));
  return found && amount > 0 ? { amount, unit: found[2]?.trim() ?? '' } : null;
}

/** Length of two points in the surface's own pixels. */
export function lengthOf(points: readonly number[], width: number, height: number): number {
  const [ax = 0, ay = 0, bx = 0, by = 0] = points;
  return Math.hypot(((bx - ax) / UNIT) * width, ((by - ay) / UNIT) * height);
}

/** What a stretch measures by the last known length on the surface; null without one. */
export function measured(
  points: readonly number[],
  marks: Marks,
  size: { readonly width: number; readonly height: number },
): string | null {
  const scale = drawn(marks).findLast(({ tool }) => tool === 'scale');
  const known = scale && readLength(scale.text);
  const length = scale ? lengthOf(scale.points, size.width, size.height) : 0;
  if (!known || length === 0) return null;
  const amount = (lengthOf(points, size.width, size.height) / length) * known.amount;
  const digits = amount >= 100 ? 0 : amount >= 10 ? 1 : 2;
  const rounded = amount.toLocaleString('en', { maximumFractionDigits: digits });
  return [rounded, known.unit].filter(Boolean).join(' ');
}
