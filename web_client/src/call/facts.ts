/** What the line machine needs to know about the people, taken from a snapshot (pure). */

import type { Words } from '../words';
import type { LineFacts, LineTone, LineWords } from './line';
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

/** What the microphone's control says: one that is held back is not on, whatever the person wants. */
export function microphoneState({ members, weak }: CallSnapshot): 'on' | 'off' | 'held' {
  if (!members.some(({ isLocal, microphoneOn }) => isLocal && microphoneOn)) return 'off';
  return weak?.hearing.at === 'held' ? 'held' : 'on';
}

/** The line as the bar says it: in a call that goes on, the rung and its reason say more than "weak". */
export function barWords(
  snapshot: CallSnapshot,
  said: LineWords,
  words: Words,
): { readonly text: string; readonly tone: LineTone } {
  const ladder = snapshot.weak?.ladder;
  const isPlain =
    said.key === 'good' || said.key === 'good_audio' || said.key === 'weak' || said.key === 'faint';
  if (ladder && ladder.rung !== 'high' && (isPlain || ladder.rung === 'record')) {
    const reason = ladder.reason === 'cut' ? '' : words.say(`reason.${ladder.reason}`);
    return { text: words.say(`rung.${ladder.rung}`, { reason }), tone: 'warn' };
  }
  return { text: words.say(`line.${said.key}`, { seconds: said.seconds ?? 0 }), tone: said.tone };
}
