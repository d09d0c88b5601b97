/** What floats over the stage: the line when it is not good, sound that a tap must start, devices that failed. */
import { CameraOff, CircleCheck, MicOff, SignalLow, Unplug, Volume2 } from 'lucide-react';
import { Suspense, useState } from 'react';
import { Button, StageNotice } from '../design';
import type { Problem } from '../join/devices';
import type { Words } from '../words';
import { WeakNotices } from './later';
import type { Line, LineWords } from './line';
import type { CallSession, CallSnapshot } from './session';

/**
 * The line as a notice; the sentence about how weak it is leaves with the weakness. Once a step was given up (`isTold`),
 * that step says so itself and with more.
 */
function LineNotice({
  line,
  said,
  isTold,
  words,
}: {
  line: Line;
  said: LineWords;
  isTold: boolean;
  words: Words;
}) {
  switch (said.key) {
    case 'reconnecting':
      return (
        <StageNotice
          icon={Unplug}
          urgent
          title={words.name('notice.reconnecting')}
          counter={words.name('notice.seconds', { seconds: said.seconds ?? 0 })}
        >
          {words.name('notice.reconnecting_more')}
        </StageNotice>
      );
    case 'back':
      return <StageNotice icon={CircleCheck} tone="ok" title={words.name('notice.back')} />;
    case 'weak':
    case 'faint':
      if (line.at !== 'open' || (isTold && said.key === 'weak')) return null;
      return (
        <StageNotice icon={SignalLow} title={words.name(`notice.${said.key}`)}>
          {words.name(`notice.${said.key}_more`)}
        </StageNotice>
      );
    default:
      return null;
  }
}

function DeviceNotice({
  device,
  problem,
  words,
  onAgain,
}: {
  device: 'microphone' | 'camera';
  problem: Problem;
  words: Words;
  onAgain: () => void;
}) {
  const [closed, setClosed] = useState<Problem | null>(null);
  if (closed === problem) return null;
  return (
    <StageNotice
      icon={device === 'microphone' ? MicOff : CameraOff}
      title={words.name(`problem.${device}_${problem}`)}
      action={
        <>
          <Button size="small" look="plain" onClick={onAgain}>
            {words.name('problem.again')}
          </Button>
          <Button size="small" look="plain" onClick={() => setClosed(problem)}>
            {words.name('problem.later')}
          </Button>
        </>
      }
    >
      {words.name(`problem.${device}_effect`)}
    </StageNotice>
  );
}

export function CallNotices({
  snapshot,
  session,
  said,
  words,
  onNotes,
}: {
  snapshot: CallSnapshot;
  session: CallSession | null;
  said: LineWords;
  words: Words;
  /** Opens the notes that are sent later. */
  onNotes?: () => void;
}) {
  const { problems, soundBlocked, line, weak } = snapshot;
  // Then the ladder says so, with what can be done.
  const isCut = weak?.ladder.rung === 'record' && line.at === 'reconnecting';
  const isTold = weak !== null && (weak.ladder.rung !== 'high' || weak.paused.length > 0);
  return (
    <>
      {soundBlocked && (
        <StageNotice
          icon={Volume2}
          urgent
          title={words.name('notice.sound')}
          action={
            <Button icon={Volume2} onClick={() => void session?.startSound()}>
              {words.name('notice.sound_on')}
            </Button>
          }
        >
          {words.name('notice.sound_more')}
        </StageNotice>
      )}
      {!isCut && <LineNotice line={line} said={said} isTold={isTold} words={words} />}
      {weak && line.at !== 'ended' && (
        <Suspense>
          <WeakNotices weak={weak} session={session} onNotes={onNotes} />
        </Suspense>
      )}
      {problems.microphone !== null && (
        <DeviceNotice
          device="microphone"
          problem={problems.microphone}
          words={words}
          onAgain={() => void session?.setMicrophone(true)}
        />
      )}
      {problems.camera !== null && (
        <DeviceNotice
          device="camera"
          problem={problems.camera}
          words={words}
          onAgain={() => void session?.setCamera(true)}
        />
      )}
    </>
  );
}
