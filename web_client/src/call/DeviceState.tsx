/** Says to screen readers what microphone and camera are now, when that changes: by a button, a key, or the server. */
import { Announce } from '../design';
import type { Words } from '../words';
import type { LiveMember } from './liveMember';

export function DeviceState({ members, words }: { members: readonly LiveMember[]; words: Words }) {
  const me = members.find(({ isLocal }) => isLocal);
  if (!me) return null;
  return (
    <>
      <Announce>{words.name(me.microphoneOn ? 'tools.microphone_on' : 'tools.microphone_off')}</Announce>
      <Announce>{words.name(me.cameraOn ? 'tools.camera_on' : 'tools.camera_off')}</Announce>
    </>
  );
}
