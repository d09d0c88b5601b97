/** What captions are on the screen: sentences still being said, and those said a moment ago (pure). */

export interface Segment {
  readonly id: string;
  readonly text: string;
  readonly final: boolean;
}

export interface Heard {
  readonly id: string;
  readonly identity: string;
  readonly text: string;
  readonly draft: boolean;
  /** Milliseconds of the page's clock. */
  readonly at: number;
}

export const SHOWN = 2;
const LASTS_MS = 7_000;
/** Long sentences take longer to read. */
const PER_CHARACTER_MS = 90;

/** After this segment of a person; an empty one takes back what was shown. */
export function after(shown: readonly Heard[], identity: string, segment: Segment, at: number): Heard[] {
  const rest = shown.filter(({ id }) => id !== segment.id);
  if (segment.text === '') return rest;
  const said = { id: segment.id, identity, text: segment.text, draft: !segment.final, at };
  const place = shown.findIndex(({ id }) => id === segment.id);
  const next = place < 0 ? [...rest, said] : shown.map((each) => (each.id === segment.id ? said : each));
  return next.slice(-SHOWN);
}

/** Without what has been there long enough. */
export function still(shown: readonly Heard[], now: number): readonly Heard[] {
  const rest = shown.filter((each) => now < goesAt(each));
  return rest.length === shown.length ? shown : rest;
}

/** When the next one goes; infinity while there is none. */
export function nextChange(shown: readonly Heard[]): number {
  return Math.min(Number.POSITIVE_INFINITY, ...shown.map(goesAt));
}

function goesAt({ at, text }: Heard): number {
  return at + LASTS_MS + text.length * PER_CHARACTER_MS;
}
