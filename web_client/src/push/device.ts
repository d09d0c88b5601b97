/** This browser as a device that rings wake: what it can do, and its subscription with the push service. */
import { get, post } from '../api';

/** `home-screen`: only as an installed app, as on iPad and iPhone. */
export type PushState = 'on' | 'off' | 'blocked' | 'home-screen' | 'unsupported';

const WORKER = '/push-worker.js';

/** The person said no, or closed the question. */
export class PermissionRefused extends Error {}

/** The browser could not register with its push service. */
export class ServiceUnreachable extends Error {}

export interface Browser {
  readonly userAgent: string;
  readonly touchPoints: number;
  readonly canPush: boolean;
  readonly isSecure: boolean;
  readonly permission: NotificationPermission;
}

export function thisBrowser(): Browser {
  const canPush = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
  return {
    userAgent: navigator.userAgent,
    touchPoints: navigator.maxTouchPoints,
    canPush,
    isSecure: window.isSecureContext,
    permission: canPush ? Notification.permission : 'default',
  };
}

/** What the browser allows, before its subscription is known. */
export function stateOf(browser: Browser, isSubscribed: boolean): PushState {
  if (!browser.canPush || !browser.isSecure) return isApple(browser) ? 'home-screen' : 'unsupported';
  if (browser.permission === 'denied') return 'blocked';
  return isSubscribed && browser.permission === 'granted' ? 'on' : 'off';
}

/** iPadOS calls itself a Macintosh, which has no touch screen. */
function isApple({ userAgent, touchPoints }: Browser): boolean {
  return /iPad|iPhone/.test(userAgent) || (userAgent.includes('Macintosh') && touchPoints > 1);
}

/** As its owner recognises it: "Chrome, Android". */
export function labelOf(userAgent: string): string {
  const browser = [
    ['Edg', 'Edge'],
    ['Firefox', 'Firefox'],
    ['Chrome', 'Chrome'],
    ['Safari', 'Safari'],
  ].find(([sign]) => userAgent.includes(sign ?? ''))?.[1];
  const system = [
    ['iPhone', 'iPhone'],
    ['iPad', 'iPad'],
    ['Android', 'Android'],
    ['Windows', 'Windows'],
    ['Macintosh', 'Mac'],
    ['Linux', 'Linux'],
  ].find(([sign]) => userAgent.includes(sign ?? ''))?.[1];
  return [browser, system].filter(Boolean).join(', ');
}

export async function subscription(): Promise<PushSubscription | null> {
  if (!thisBrowser().canPush) return null;
  const registration = await navigator.serviceWorker.getRegistration('/');
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/** Asks for permission, subscribes, and tells the server. */
export async function turnOn(publicKey: string, language: 'ja' | 'en'): Promise<void> {
  await tell(await registered(publicKey), language);
}

/** Asks for permission and subscribes; raises PermissionRefused, ServiceUnreachable. */
export async function registered(publicKey: string): Promise<PushSubscription> {
  const registration = await navigator.serviceWorker.register(WORKER);
  if ((await Notification.requestPermission()) !== 'granted') throw new PermissionRefused();
  await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytesOf(publicKey) };
  try {
    return await registration.pushManager.subscribe(options);
  } catch {
    throw new ServiceUnreachable();
  }
}

/** Tells the server of a subscription; again when it does not know it any more. */
export async function tell(made: PushSubscription, language: 'ja' | 'en'): Promise<void> {
  const { endpoint = '', keys } = made.toJSON();
  await post('/push/devices', {
    body: {
      endpoint,
      p256dh: keys?.p256dh ?? '',
      auth: keys?.auth ?? '',
      language,
      label: labelOf(navigator.userAgent),
    },
  }).then(({ id }) => localStorage.setItem(KNOWN_AS, id));
}

const KNOWN_AS = 'genba.pushDevice';
/** Under which the pages of notices keep the same. */
export const NOTICES_KNOWN_AS = 'genba.noticeDevice';

/** The server's id of this device. */
export function knownAs(): string {
  return localStorage.getItem(KNOWN_AS) ?? '';
}

/** Ends it here and on the server; before somebody signs out, since the next person is somebody else. */
export async function turnOff(): Promise<void> {
  const id = knownAs();
  if (id) await post('/push/devices/{device_id}/remove', { path: { device_id: id } }).catch(() => undefined);
  localStorage.removeItem(KNOWN_AS);
  await unregister();
}

/** The browser forgets its subscription, unless rings or notices still need it. */
export async function unregister(): Promise<void> {
  const isNeeded = [KNOWN_AS, NOTICES_KNOWN_AS].some((name) => localStorage.getItem(name));
  if (!isNeeded) await (await subscription())?.unsubscribe();
}

export async function readPush() {
  const [answer, made] = await Promise.all([get('/push'), subscription().catch(() => null)]);
  const isKnown = answer.devices.some(({ id }) => id === knownAs());
  return { ...answer, made, state: stateOf(thisBrowser(), made !== null && isKnown) };
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const plain = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}
