/** Leaving: alone with ten seconds to come back, or ending the room for everybody after a second yes. */
import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { post } from '../api';
import { advanceLeaving, type Leaving, type LeavingEvent } from './leaving';
import type { CallSession } from './session';
import { useNow } from './useCall';

const clockSeconds = (): number => performance.now() / 1000;

export interface LeavingControl {
  readonly state: Leaving;
  readonly ask: () => void;
  readonly send: (event: LeavingEvent) => void;
  readonly end: () => Promise<void>;
  readonly endFailed: boolean;
  /** Counts while leaving can be undone, in seconds of the page's steady clock. */
  readonly now: number;
}

/** Runs the machine of `leaving.ts`: while leaving can be undone nothing is sent and nothing is heard. */
export function useLeaving(session: CallSession | null, callId: string): LeavingControl {
  const [state, advance] = useReducer(
    (leaving: Leaving, { event, at }: { event: LeavingEvent; at: number }) =>
      advanceLeaving(leaving, event, at),
    { at: 'here' },
  );
  const [endFailed, setEndFailed] = useState(false);
  const send = useCallback((event: LeavingEvent) => advance({ event, at: clockSeconds() }), []);
  const ask = useCallback(() => send('ask'), [send]);

  const undoable = state.at === 'undoable';
  const now = useNow(undoable);
  const restore = useRef<(() => void) | null>(null);
  useEffect(() => {
    if (state.at === 'undoable') restore.current ??= session?.holdStill() ?? null;
    if (state.at !== 'here') return;
    restore.current?.();
    restore.current = null;
  }, [state.at, session]);
  useEffect(() => {
    if (undoable) advance({ event: 'tick', at: now });
  }, [undoable, now]);
  useEffect(() => {
    if (state.at === 'gone') void session?.leave(state.endedForAll ? 'closed' : 'left');
  }, [state, session]);

  const end = useCallback(async () => {
    setEndFailed(false);
    try {
      await post('/calls/{call_id}/end', { path: { call_id: callId } });
      send('end');
    } catch {
      setEndFailed(true);
    }
  }, [callId, send]);
  return { state, ask, send, end, endFailed, now };
}
