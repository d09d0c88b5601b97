/** This browser as one that shows notices: whose page a notification opens, kept here and in no message. */
import { type NoticesView, post } from '../api';
import {
  labelOf,
  NOTICES_KNOWN_AS,
  registered,
  stateOf,
  subscription,
  thisBrowser,
  unregister,
} from '../push/device';

const CODE = 'genba.notices';

/** The code of the page whose notices are shown here. */
export function knownCode(): string | null {
  return localStorage.getItem(CODE);
}

/** How notices can be shown here: `on` only where this page's are. */
export async function noticeState(code: string, page: NoticesView) {
  const made = await subscription().catch(() => null);
  const isKnown = page.devices.some(({ id }) => id === localStorage.getItem(NOTICES_KNOWN_AS));
  return stateOf(thisBrowser(), made !== null && isKnown && knownCode() === code);
}

/** Asks for permission, subscribes, and tells the server; answers the page. */
export async function turnOn(code: string, page: NoticesView): Promise<NoticesView> {
  const { endpoint = '', keys } = (await registered(page.push_key)).toJSON();
  const answer = await post('/notices/{code}/devices', {
    path: { code },
    body: {
      endpoint,
      p256dh: keys?.p256dh ?? '',
      auth: keys?.auth ?? '',
      label: labelOf(navigator.userAgent),
    },
  });
  localStorage.setItem(CODE, code);
  localStorage.setItem(NOTICES_KNOWN_AS, answer.devices.at(-1)?.id ?? '');
  return answer;
}

/** One browser less, this one or another; answers the page. */
export async function turnOff(code: string, device_id: string): Promise<NoticesView> {
  const answer = await post('/notices/{code}/devices/{device_id}/remove', { path: { code, device_id } });
  if (device_id === localStorage.getItem(NOTICES_KNOWN_AS)) await forget(code);
  return answer;
}

/** Nothing of this page is shown here any more. */
export async function forget(code: string): Promise<void> {
  if (knownCode() !== code) return;
  localStorage.removeItem(CODE);
  localStorage.removeItem(NOTICES_KNOWN_AS);
  await unregister();
}
