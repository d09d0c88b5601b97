/** Leaving: alone with ten seconds to come back, or ending the room for everybody after a second yes. */
import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { post } from '../api';
import { Button, Dialog, Notice } from '../design';
import type { Words } from '../words';
import { advanceLeaving, type Leaving, type LeavingEvent, secondsLeft } from './leaving';
import type { CallSession } from './session';

const clockSeconds = (): number => performance.now() / 1000;

export interface LeavingControl {
  readonly state: Leaving;
  readonly ask: () => void;
  readonly send: (event: LeavingEvent) => void;
  readonly end: () => Promise<void>;
  readonly endFailed: boolean;
}

/** Runs the machine of `leaving.ts`: while leaving can be undone nothing is sent and nothing is heard. */
export function useLeaving(session: CallSession | null, callId: string, now: number): LeavingControl {
  const [state, advance] = useReducer(
    (leaving: Leaving, { event, at }: { event: LeavingEvent; at: number }) =>
      advanceLeaving(leaving, event, at),
    { at: 'here' },
  );
  const [endFailed, setEndFailed] = useState(false);
  const send = useCallback((event: LeavingEvent) => advance({ event, at: clockSeconds() }), []);
  const ask = useCallback(() => send('ask'), [send]);

  const undoable = state.at === 'undoable';
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
  return { state, ask, send, end, endFailed };
}

export function LeaveWindows({
  leaving,
  others,
  now,
  words,
}: {
  leaving: LeavingControl;
  others: number;
  now: number;
  words: Words;
}) {
  const { state, send, end, endFailed } = leaving;
  const back = () => send('back');
  const count = others <= 0 ? 'none' : others === 1 ? 'one' : 'other';
  return (
    <>
      <Dialog
        open={state.at === 'asking'}
        onClose={back}
        title={words.name('leave.title')}
        actions={
          <>
            <Button look="danger" onClick={() => send('leave')}>
              {words.name('leave.leave')}
            </Button>
            <Button look="danger-line" onClick={() => send('ask_end')}>
              {words.name('leave.end')}
            </Button>
            <Button look="plain" onClick={back}>
              {words.name('leave.back')}
            </Button>
          </>
        }
      >
        {words.name('leave.more_staff')}
      </Dialog>
      <Dialog
        open={state.at === 'confirming_end'}
        onClose={back}
        title={words.name('leave.end_title')}
        actions={
          <>
            <Button look="danger" onClick={() => void end()}>
              {words.name('leave.end_yes')}
            </Button>
            <Button look="plain" onClick={back}>
              {words.name('leave.back')}
            </Button>
          </>
        }
      >
        {words.name(`leave.end_more_${count}`, { count: others })}
        {endFailed && (
          <Notice look="danger" live>
            {words.name('leave.end_failed')}
          </Notice>
        )}
      </Dialog>
      <Dialog
        open={state.at === 'undoable'}
        onClose={back}
        title={words.name('leave.undo_title')}
        actions={
          <>
            <Button onClick={back}>{words.name('leave.undo')}</Button>
            <Button look="plain" onClick={() => send('now')}>
              {words.name('leave.now')}
            </Button>
          </>
        }
      >
        {words.name('leave.undo_more', { seconds: secondsLeft(state, now) })}
      </Dialog>
    </>
  );
}
