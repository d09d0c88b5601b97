/** What the line machine needs to know about the people, taken from a snapshot (pure). */
import type { LineFacts } from './line';
import type { CallSnapshot } from './session';

export function factsOf(snapshot: CallSnapshot, now: number): LineFacts {
  const others = snapshot.members.filter(({ isLocal }) => !isLocal);
  return {
    line: snapshot.line,
    now,
    othersPresent: others.length > 0,
    sendsVideo: snapshot.members.some(({ isLocal, cameraOn }) => isLocal && cameraOn),
    receivesVideo: others.some(({ cameraOn, sharesScreen }) => cameraOn || sharesScreen),
  };
}

/** True while the line came back at least once; its changes are occasions to read what was missed. */
export function isBack(snapshot: CallSnapshot): boolean {
  return snapshot.line.at === 'open' && snapshot.line.backSince !== null;
}
