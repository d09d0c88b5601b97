/** Calls in words: who is in them, when they were, what to do next. One place for both homes. */
import type { TFunction } from 'i18next';
import type { Call } from '../api';
import { lasted, timeOf } from '../clock';
import type { Attendee } from '../design';

export function isLive(call: Call): boolean {
  return call.state === 'open';
}

/** Live ones first, those with people in them before empty ones, then the newest. */
export function inOrder(calls: readonly Call[]): Call[] {
  return [...calls].sort((a, b) => rank(b) - rank(a) || Date.parse(b.started_at) - Date.parse(a.started_at));
}

function rank(call: Call): number {
  if (!isLive(call)) return 0;
  return call.live_count > 0 ? 2 : 1;
}

/** Names of those connected now, guests with さん. */
export function peopleIn(call: Call, t: TFunction<'home'>): string[] {
  return [
    ...call.members.filter((member) => member.joined).map((member) => member.person.name),
    ...call.guests.filter((guest) => guest.joined).map((guest) => t('guestName', { name: guest.name })),
  ];
}

/** "川上 拓真、田端 和子さんが入っています", or that nobody is. */
export function whoIsIn(call: Call, t: TFunction<'home'>): string {
  const names = peopleIn(call, t);
  return names.length > 0 ? t('inNow', { names: names.join(t('nameJoint')) }) : t('nobodyIn');
}

/** Everybody who belonged to a call that is over. */
export function whoWasIn(call: Call, t: TFunction<'home'>): string {
  const names = [
    ...call.members.map((member) => member.person.name),
    ...call.guests.map((guest) => t('guestName', { name: guest.name })),
  ];
  return names.join(t('nameJoint'));
}

/** Under the time: how long it has been running, or until when it ran. */
export function span(call: Call, now: number, t: TFunction<'home'>): string {
  if (call.ended_at) return t('until', { time: timeOf(call.ended_at) });
  return t('running', { time: lasted(call.started_at, now) });
}

/** Staff first, then guests, each with what they are. */
export function attendees(call: Call, t: TFunction<'home'>): Attendee[] {
  return [
    ...call.members.map(({ person, joined }) => ({
      key: person.id,
      name: person.name,
      note: person.post,
      role: person.role,
      joined,
    })),
    ...call.guests.map((guest) => ({
      key: guest.invitation_id,
      name: t('guestName', { name: guest.name }),
      note: '',
      role: guest.kind,
      joined: guest.joined,
    })),
  ];
}
