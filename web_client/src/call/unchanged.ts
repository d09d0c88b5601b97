/** What has not changed stays the same object (pure), so that no screen is drawn anew for it. */

/** Whether two records of the same kind hold the same values. */
export function isSame<T extends object>(one: T, other: T): boolean {
  const keys = Object.keys(other) as (keyof T)[];
  return keys.length === Object.keys(one).length && keys.every((key) => Object.is(one[key], other[key]));
}

/** The list as it is now, of the records before where they hold the same; the list before where all of them do. */
export function asBefore<T extends object>(before: readonly T[], now: readonly T[]): readonly T[] {
  const kept = now.map((record, place) => {
    const old = before[place];
    return old && isSame(old, record) ? old : record;
  });
  const isUnchanged =
    kept.length === before.length && kept.every((record, place) => record === before[place]);
  return isUnchanged ? before : kept;
}
