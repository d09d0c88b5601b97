/** A guest's call on hold: polite words and a soft tone, which goes on until the first live sound of staff plays. */

import { CircleCheck } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { lasted, useClock } from '../clock';
import { HoldScreen, StageNotice } from '../design';
import { useWords } from '../words';
import { type HoldTone, startHoldTone } from './holdTone';
import type { CallSession } from './session';

const LOOK_AGAIN_MS = 50;
/** Somebody whose microphone is off sends nothing; then the tone ends without them. */
const PATIENCE_MS = 5_000;
const WELCOME_MS = 8_000;

export function GuestHold({ since, session }: { since: string | null; session: CallSession | null }) {
  const words = useWords('hold');
  const now = useClock(1000);
  const [audible, setAudible] = useState(true);
  useTone(since !== null, audible, session);
  if (since === null) return null;
  return (
    <HoldScreen
      title={words.say('guest.title')}
      lines={[words.say('guest.more'), words.say('guest.unheard')]}
      elapsed={words.name('guest.elapsed', { time: lasted(since, now) })}
      audible={audible}
      soundLabel={words.say(audible ? 'guest.sound_off' : 'guest.sound_on')}
      onSound={() => setAudible(!audible)}
    />
  );
}

/** Thanks for waiting, once the staff are back. */
export function GuestBack({ since }: { since: string | null }) {
  const words = useWords('hold');
  const isBack = useJustBack(since !== null);
  return isBack ? <StageNotice icon={CircleCheck} tone="ok" title={words.name('guest.back')} /> : null;
}

/** True for a few seconds after a hold ended. */
function useJustBack(isHeld: boolean): boolean {
  const [isBack, setBack] = useState(false);
  const wasHeld = useRef(isHeld);
  useEffect(() => {
    const ended = wasHeld.current && !isHeld;
    wasHeld.current = isHeld;
    setBack(ended);
    if (!ended) return;
    const timer = setTimeout(() => setBack(false), WELCOME_MS);
    return () => clearTimeout(timer);
  }, [isHeld]);
  return isBack;
}

function useTone(isHeld: boolean, audible: boolean, session: CallSession | null): void {
  const tone = useRef<HoldTone | null>(null);
  useEffect(() => {
    if (!isHeld) return;
    const began = startHoldTone();
    tone.current = began;
    const silent = session?.weak?.soundsAt() ?? 0;
    return () => {
      tone.current = null;
      const endsAt = performance.now() + PATIENCE_MS;
      const timer = setInterval(() => {
        const isOver = session === null || session.snapshot().line.at === 'ended';
        if (!isOver && performance.now() < endsAt && (session.weak?.soundsAt() ?? 0) <= silent) return;
        clearInterval(timer);
        began.stop();
      }, LOOK_AGAIN_MS);
    };
  }, [isHeld, session]);
  useEffect(() => {
    tone.current?.setAudible(isHeld && audible);
  }, [isHeld, audible]);
}
