/** Leaving with ten seconds to change one's mind (pure). During them nothing is sent and nothing is heard. */

export const UNDO_S = 10;

export type Leaving =
  | { readonly at: 'here' }
  | { readonly at: 'asking' }
  | { readonly at: 'confirming_end' }
  | { readonly at: 'undoable'; readonly until: number }
  | { readonly at: 'gone'; readonly endedForAll: boolean };

export type LeavingEvent = 'ask' | 'leave' | 'ask_end' | 'end' | 'back' | 'now' | 'tick';

const GONE: Leaving = { at: 'gone', endedForAll: false };

/** The next state at `now` seconds; an event that means nothing here changes nothing. */
export function advanceLeaving(leaving: Leaving, event: LeavingEvent, now: number): Leaving {
  if (leaving.at === 'gone') return leaving;
  switch (event) {
    case 'ask':
      return leaving.at === 'here' ? { at: 'asking' } : leaving;
    case 'ask_end':
      return leaving.at === 'asking' ? { at: 'confirming_end' } : leaving;
    case 'leave':
      return leaving.at === 'asking' ? { at: 'undoable', until: now + UNDO_S } : leaving;
    case 'end':
      return leaving.at === 'confirming_end' ? { at: 'gone', endedForAll: true } : leaving;
    case 'back':
      return { at: 'here' };
    case 'now':
      return leaving.at === 'undoable' ? GONE : leaving;
    case 'tick':
      return leaving.at === 'undoable' && now >= leaving.until ? GONE : leaving;
  }
}

/** Whole seconds left to come back. */
export function secondsLeft(leaving: Leaving, now: number): number {
  return leaving.at === 'undoable' ? Math.max(0, Math.ceil(leaving.until - now)) : 0;
}
