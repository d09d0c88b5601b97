/** React's view of a call: one session for as long as the screen is there, its snapshot, and a clock that ticks. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import { factsOf } from './facts';
import { BACK_NOTICE_S, type LineWords, lineWords } from './line';
import { type CallEntry, CallSession, type CallSnapshot } from './session';

const NOTHING: CallSnapshot = {
  line: { at: 'connecting', since: 0 },
  members: [],
  speakers: [],
  soundBlocked: false,
  problems: { microphone: null, camera: null },
  tools: { hasTorch: false, zoom: null },
  torchOn: false,
  zoom: 1,
  cameras: [],
  isMirrored: false,
  holdSince: null,
  weak: null,
};

const nothing = () => NOTHING;
const never = () => () => {};

export interface LiveCall {
  readonly session: CallSession | null;
  readonly snapshot: CallSnapshot;
}

/** Enters the call of `entry` (keep the object stable) and leaves it when the screen goes away. */
export function useCall(entry: CallEntry, onInside?: () => void): LiveCall {
  const [session, setSession] = useState<CallSession | null>(null);

  useEffect(() => {
    const made = new CallSession(entry);
    setSession(made);
    void made.enter(entry).finally(() => onInside?.());
    return () => {
      setSession(null);
      void made.leave();
    };
  }, [entry, onInside]);

  const snapshot = useSyncExternalStore(session?.subscribe ?? never, session?.snapshot ?? nothing);
  return { session, snapshot };
}

const clockSeconds = (): number => performance.now() / 1000;

/** Seconds of the page's steady clock, renewed every second while something counts them, and when that begins. */
export function useNow(counts = true): number {
  const [now, setNow] = useState(clockSeconds);
  const [counted, setCounted] = useState(counts);
  if (counted !== counts) {
    setCounted(counts);
    setNow(clockSeconds());
  }
  useEffect(() => {
    if (!counts) return;
    const timer = setInterval(() => setNow(clockSeconds()), 1000);
    return () => clearInterval(timer);
  }, [counts]);
  return now;
}

/** What is true of the line now; drawn anew only for seconds that its words count. */
export function useLineWords(snapshot: CallSnapshot): LineWords {
  const { line } = snapshot;
  const [isSettled, setSettled] = useState(false);
  const now = useNow(!isSettled);
  const settles = line.at === 'open' && (line.backSince === null || now - line.backSince >= BACK_NOTICE_S);
  if (settles !== isSettled) setSettled(settles);
  return lineWords(factsOf(snapshot, now));
}

/** Keeps the screen on while a call lasts; the browser drops the lock when the page is hidden, so it is asked again. */
export function useWakeLock(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined;
    let here = true;
    const ask = () => {
      if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
      navigator.wakeLock.request('screen').then(
        (answer) => {
          if (here) lock = answer;
          else void answer.release();
        },
        () => undefined, // low battery or policy: the call goes on without it
      );
    };
    ask();
    document.addEventListener('visibilitychange', ask);
    return () => {
      here = false;
      document.removeEventListener('visibilitychange', ask);
      void lock?.release();
    };
  }, []);
}
