/** Stands in an open call, draws nothing, and tells the screen when something is presented. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { CallSession } from '../call/session';
import { Store } from './store';
import { NOTHING_YET, surfaceOf } from './together';
import { View } from './View';

const NOTHING = new Store(NOTHING_YET);

export function ViewDoor({
  session,
  callId,
  holdSince,
  onView,
}: {
  session: CallSession;
  callId: string;
  holdSince: string | null;
  /** The view, and whether it takes the place of the pictures now. */
  onView: (view: View | null, isShown: boolean) => void;
}) {
  const [view, setView] = useState<View | null>(null);
  useEffect(() => {
    const made = new View(session.room, callId);
    setView(made);
    return () => {
      setView(null);
      made.close();
    };
  }, [session, callId]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the hold is the occasion to read again, not a value used
  useEffect(() => view?.readAgain(), [view, holdSince]);

  const store = view?.together ?? NOTHING;
  const isShown = surfaceOf(useSyncExternalStore(store.subscribe, store.get)) !== null;
  useEffect(() => onView(view, isShown), [view, isShown, onView]);
  useEffect(() => () => onView(null, false), [onView]);
  return null;
}
