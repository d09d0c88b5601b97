/** What is said over the stage about a weak line: the microphone that is held, the rung and why, the data cap. */
import { CircleCheck, Gauge, Image, Mic, MicOff, NotebookPen, Pause, Signal, WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, Furigana, LadderSteps, StageNotice } from '../design';
import { useWords, type Words } from '../words';
import { type Ladder, RUNGS } from './ladder';
import type { CallSession } from './session';
import { amount, NEAR, usedShare } from './traffic';
import { useNow } from './useCall';
import type { WeakSnapshot } from './WeakLine';

/** After so long the notice is only the words in the bar. */
const SHOWN_S = 8;

const ICONS = { high: CircleCheck, standard: Signal, stills: Image, voice: Mic, record: WifiOff };

export function WeakNotices({
  weak,
  session,
  onNotes,
}: {
  weak: WeakSnapshot;
  session: CallSession | null;
  onNotes?: (() => void) | undefined;
}) {
  const words = useWords('weak');
  const now = useNow();
  const acts = session?.weak ?? null;
  return (
    <>
      <HeldMicrophone weak={weak} words={words} onSpeak={() => acts?.speakOn()} />
      <RungNotice
        ladder={weak.ladder}
        stillEvery_s={weak.stillEvery_s}
        now={now}
        words={words}
        onGoOn={() => acts?.goOn()}
        onNotes={onNotes}
      />
      {weak.ladder.rung !== 'record' && weak.paused.some((identity) => sendsVideo(weak, identity)) && (
        <PausedNotice now={now} words={words} />
      )}
      <NearCap weak={weak} words={words} />
    </>
  );
}

/** Whoever sends no video themselves is not held back by our line, whatever the server still says of the old track. */
function sendsVideo({ others }: WeakSnapshot, identity: string): boolean {
  const rung = others.get(identity)?.rung ?? 'high';
  return rung === 'high' || rung === 'standard';
}

/** Stays as one line: a picture that stands still must not be taken for the present. */
export function PausedNotice({ now, words }: { now: number; words: Words }) {
  const [since] = useState(now);
  return (
    <StageNotice icon={Pause} title={<Furigana text={words.say('paused')} />}>
      {now - since < SHOWN_S && <Furigana text={words.say('paused_more')} />}
    </StageNotice>
  );
}

function HeldMicrophone({ weak, words, onSpeak }: { weak: WeakSnapshot; words: Words; onSpeak: () => void }) {
  const { at } = weak.hearing;
  if (at === 'overridden')
    return <StageNotice icon={Mic} title={<Furigana text={words.say('overridden')} />} />;
  if (at !== 'held') return null;
  return (
    <StageNotice
      icon={MicOff}
      urgent
      title={<Furigana text={words.say('held')} />}
      action={
        <Button size="large" look="plain" icon={Mic} onClick={onSpeak}>
          <Furigana text={words.say('speak_on')} />
        </Button>
      }
    >
      <Furigana text={words.say('held_more')} />
    </StageNotice>
  );
}

export function RungNotice({
  ladder,
  stillEvery_s,
  now,
  words,
  onGoOn,
  onNotes,
}: {
  ladder: Ladder;
  stillEvery_s: number;
  now: number;
  words: Words;
  onGoOn: () => void;
  onNotes?: (() => void) | undefined;
}) {
  const { rung, reason, since } = ladder;
  const wasLow = useWasLow(rung !== 'high');
  const isFresh = now - since < SHOWN_S;
  if (rung === 'high' && !(wasLow && isFresh)) return null;
  if (!isFresh && rung !== 'record') return null;
  const name = (key: (typeof RUNGS)[number]) =>
    key === 'stills' && rung === 'stills'
      ? words.name('rung.stills_every', { seconds: stillEvery_s })
      : words.name(`rung.${key}`);
  return (
    <StageNotice
      icon={ICONS[rung]}
      tone={rung === 'high' ? 'ok' : 'warn'}
      title={<Furigana text={words.say(`now_${rung}`)} />}
      action={
        reason === 'cap' ? (
          <Button size="large" look="plain" onClick={onGoOn}>
            {words.name('cap_go_on')}
          </Button>
        ) : (
          rung === 'record' &&
          onNotes && (
            <Button size="large" icon={NotebookPen} onClick={onNotes}>
              <Furigana text={words.say('notes')} />
            </Button>
          )
        )
      }
      below={
        // Without a line every step is given up: the title says so, and the room is needed for what to do.
        rung !== 'record' && (
          <LadderSteps
            label={words.name('steps')}
            steps={RUNGS.map((key) => ({ key, label: name(key) }))}
            current={rung}
          />
        )
      }
    >
      {rung === 'record' ? (
        <Furigana text={words.say('record_more')} />
      ) : (
        reason !== 'none' && <Furigana text={words.say('why', { reason: words.say(`reason.${reason}`) })} />
      )}
    </StageNotice>
  );
}

/** Coming back is news only to whoever was away. */
function useWasLow(isLow: boolean): boolean {
  const [wasLow, setWasLow] = useState(false);
  useEffect(() => {
    if (isLow) setWasLow(true);
  }, [isLow]);
  return wasLow;
}

function NearCap({ weak, words }: { weak: WeakSnapshot; words: Words }) {
  const [closed, setClosed] = useState(false);
  const share = usedShare(weak.traffic, weak.saver);
  if (share === null || share < NEAR || share >= 1 || closed) return null;
  const used = amount(weak.traffic.call_bytes);
  return (
    <StageNotice
      icon={Gauge}
      title={words.name('near', { percent: Math.floor(share * 100) })}
      action={
        <Button size="large" look="plain" onClick={() => setClosed(true)}>
          {words.name('near_close')}
        </Button>
      }
    >
      {words.name('near_more', { used, cap: weak.saver.cap_mb })}
    </StageNotice>
  );
}
