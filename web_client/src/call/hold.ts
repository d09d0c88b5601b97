/** What the room says of a hold (pure): while there is one, staff and guests neither hear nor see each other. */

/** Since when (ISO) the call is on hold, from the room's metadata; null while it is not, and for anything malformed. */
export function readHold(metadata: string | undefined): string | null {
  try {
    const since: unknown = JSON.parse(metadata ?? '').hold.since;
    return typeof since === 'string' ? since : null;
  } catch {
    return null;
  }
}
