/**
 * People in a call as the screen needs them, and which of them fills the stage (pure). Role letters and posts come from
 * the participant attributes the server signed into the token, never from what a person typed.
 */

export type Role = 'field' | 'specialist' | 'supervisor' | 'admin' | 'resident' | 'partner' | 'interpreter';
export type Signal = 'good' | 'weak' | 'lost' | 'unknown';

export interface Member {
  readonly identity: string;
  readonly name: string;
  readonly kana: string;
  readonly role: Role;
  readonly post: string;
  readonly department: string;
  readonly office: string;
  readonly isLocal: boolean;
  readonly isSpeaking: boolean;
  readonly signal: Signal;
  readonly microphoneOn: boolean;
  readonly cameraOn: boolean;
  readonly cameraFacing: 'user' | 'environment';
  readonly sharesScreen: boolean;
  readonly joinedAt: number;
}

const ROLES: readonly Role[] = [
  'field',
  'specialist',
  'supervisor',
  'admin',
  'resident',
  'partner',
  'interpreter',
];

/** The role a participant was signed in with; an unknown one is treated as a guest from outside. */
export function readRole(attributes: Readonly<Record<string, string>>): Role {
  const role = attributes['genba.role'];
  return ROLES.find((known) => known === role) ?? 'partner';
}

export function isStaff(role: Role): boolean {
  return role === 'field' || role === 'specialist' || role === 'supervisor' || role === 'admin';
}

/** Interpreters (通訳) keep a tile of their own, whoever speaks: hands that sign must not leave the screen. */
export function isInterpreter({ role }: Pick<Member, 'role'>): boolean {
  return role === 'interpreter';
}

/** Name plate order: post, department, office; empty parts fall out. */
export function plateParts(member: Pick<Member, 'post' | 'department' | 'office'>): readonly string[] {
  const parts = [member.department || member.office, member.post];
  return parts.filter((part) => part !== '');
}

/** What one picture shows: a person's camera (or name plate) or their screen. */
export interface Picture {
  readonly identity: string;
  readonly source: 'camera' | 'screen';
}

export interface StageChoice {
  readonly members: readonly Member[];
  readonly pinned: Picture | null;
  /** Identities of the other people who spoke, latest first. */
  readonly speakers: readonly string[];
}

function lastOf<T>(items: readonly T[], wanted: (item: T) => boolean): T | undefined {
  return [...items].reverse().find(wanted);
}

function pinnedPicture(pinned: Picture | null, members: readonly Member[]): Picture | null {
  if (pinned === null) return null;
  const owner = members.find(({ identity }) => identity === pinned.identity);
  if (owner === undefined || (pinned.source === 'screen' && !owner.sharesScreen)) return null;
  return pinned;
}

/** The scene of the site: a field worker's running camera, unless it shows their own face. */
function sitePicture(members: readonly Member[]): Member | undefined {
  return members.find(
    (member) => member.role === 'field' && member.cameraOn && member.cameraFacing === 'environment',
  );
}

/**
 * Who fills the stage: what somebody pinned, then a shared screen (the latest), then the picture from the site, then the
 * other person who spoke last and can still be heard, then any other person with a picture, then anyone else, and only then
 * oneself. Interpreters, who say what others said, take the stage only where there is nobody else.
 */
export function chooseStage({ members, pinned, speakers }: StageChoice): Picture | null {
  const kept = pinnedPicture(pinned, members);
  if (kept !== null) return kept;
  const sharer = lastOf(members, (member) => member.sharesScreen && !member.isLocal);
  if (sharer !== undefined) return { identity: sharer.identity, source: 'screen' };
  const present = members.filter(({ isLocal }) => !isLocal);
  const talkers = present.filter((member) => !isInterpreter(member));
  const others = talkers.length > 0 ? talkers : present;
  const speaker = speakers
    .map((identity) => others.find((other) => other.identity === identity))
    .find((other) => other?.microphoneOn);
  const shown =
    sitePicture(members) ?? speaker ?? others.find(({ cameraOn }) => cameraOn) ?? others[0] ?? members[0];
  return shown === undefined ? null : { identity: shown.identity, source: 'camera' };
}

/**
 * Moves the loudest of `speaking`, the other people who speak now, to the front. One's own voice must not be among them:
 * it would be the loudest and hold the place. Returns the same list when nothing changed.
 */
export function rememberSpeakers(before: readonly string[], speaking: readonly string[]): readonly string[] {
  const loudest = speaking[0];
  if (loudest === undefined || before[0] === loudest) return before;
  return [loudest, ...before.filter((identity) => identity !== loudest)].slice(0, 8);
}

/**
 * All pictures in the order of the grid and the strip: interpreters first, so that no strip is too short for them, then
 * screens, others in order of arrival, oneself last.
 */
export function pictures(members: readonly Member[]): readonly Picture[] {
  const screens = members.filter(({ sharesScreen }) => sharesScreen);
  const people = [...members].sort(
    (one, other) =>
      Number(one.isLocal) - Number(other.isLocal) ||
      one.joinedAt - other.joinedAt ||
      one.identity.localeCompare(other.identity),
  );
  const ofCamera = ({ identity }: Member): Picture => ({ identity, source: 'camera' });
  return [
    ...people.filter(isInterpreter).map(ofCamera),
    ...screens.map(({ identity }): Picture => ({ identity, source: 'screen' })),
    ...people.filter((person) => !isInterpreter(person)).map(ofCamera),
  ];
}

/** Faces taller than this are shown whole: cutting an upright telephone's picture to a wide frame leaves a forehead. */
const UPRIGHT = 0.9;

/**
 * Faces fill their frame; a scene, a drawing, a screen or an upright picture is never cropped. `proportion` is the width
 * by the height of the picture, once known.
 */
export function pictureFit(
  member: Member,
  source: Picture['source'],
  proportion?: number,
): 'contain' | 'cover' {
  if (source === 'screen' || member.role === 'field' || member.cameraFacing === 'environment')
    return 'contain';
  return proportion !== undefined && proportion < UPRIGHT ? 'contain' : 'cover';
}

/** The participant identity of a member of staff. */
export const staffIdentity = (staff_id: string): string => `S-${staff_id}`;

export const isStaffIdentity = (identity: string): boolean => identity.startsWith('S-');
