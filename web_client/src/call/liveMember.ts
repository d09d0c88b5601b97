/** A participant as the screen draws them: who they are, by their attributes, and the pictures this browser can draw now. */
import { type Participant, Track } from 'livekit-client';
import type { Facing } from './camera';
import { SIGNALS } from './connecting';
import { type Member, type Role, readRole } from './members';
import type { OtherLine } from './otherPicture';

/** A member with the pictures this browser can draw now. */
export interface LiveMember extends Member {
  /** What their line has become, as they told it; null while nothing was told. */
  readonly line: OtherLine | null;
  readonly camera: Track | null;
  readonly screen: Track | null;
}

/** `line` is what they told of their pictures, `ownFacing` where the camera of this device looks. */
export function describe(person: Participant, line: OtherLine | null, ownFacing: Facing): LiveMember {
  const { attributes } = person;
  const role: Role = readRole(attributes);
  const camera = picture(person, Track.Source.Camera);
  const screen = picture(person, Track.Source.ScreenShare);
  return {
    identity: person.identity,
    name: person.name ?? person.identity,
    kana: attributes['genba.kana'] ?? '',
    role,
    post: attributes['genba.post'] ?? '',
    department: attributes['genba.department'] ?? '',
    office: attributes['genba.office'] ?? '',
    isLocal: person.isLocal,
    isSpeaking: person.isSpeaking,
    signal: SIGNALS[person.connectionQuality],
    microphoneOn: person.isMicrophoneEnabled,
    cameraOn: person.isCameraEnabled || line?.rung === 'stills',
    line,
    cameraFacing: person.isLocal ? ownFacing : role === 'field' ? 'environment' : 'user',
    sharesScreen: screen !== null,
    joinedAt: person.joinedAt?.getTime() ?? 0,
    camera,
    screen,
  };
}

function picture(participant: Participant, source: Track.Source): Track | null {
  const publication = participant.getTrackPublication(source);
  if (publication === undefined || publication.isMuted) return null;
  return publication.track ?? null;
}
