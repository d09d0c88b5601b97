/**
 * The key of this device for one account: ECDSA P-256, made here, kept by the browser, never handed out, not even to this
 * page. Its public half is registered with the server, which can be told to refuse it.
 */
import { post } from '../api';
import { done, hex, sha256 } from '../outbox/vault';

const NAME = 'genba-device';
const STORE = 'keys';
const HOW: EcKeyGenParams = { name: 'ECDSA', namedCurve: 'P-256' };

interface Kept {
  readonly pair: CryptoKeyPair;
  readonly public_key: string;
  readonly fingerprint: string;
}

export interface DeviceKey {
  readonly fingerprint: string;
  readonly label: string;
  /** r and s in hexadecimal. */
  sign(text: string): Promise<string>;
}

/** The key of this account, made at the first time. */
export async function deviceKey(account: string): Promise<DeviceKey> {
  const { pair, fingerprint } = await kept(account);
  return {
    fingerprint,
    label: deviceLabel(navigator.userAgent),
    sign: async (text) => {
      const how = { name: 'ECDSA', hash: 'SHA-256' };
      return hex(await crypto.subtle.sign(how, pair.privateKey, new TextEncoder().encode(text)));
    },
  };
}

const registered = new Set<string>();

/** Lets the server know the key, once for each window. */
export async function registerKey(account: string): Promise<void> {
  const { public_key, fingerprint } = await kept(account);
  if (registered.has(fingerprint)) return;
  await post('/device-keys', { body: { public_key, label: deviceLabel(navigator.userAgent) } });
  registered.add(fingerprint);
}

/** What a person recognises a device by: Chrome（Android）. */
export function deviceLabel(agent: string): string {
  const system = /iPad|iPhone/.test(agent)
    ? 'iOS'
    : (/(Android|Windows|Mac OS|CrOS|Linux)/.exec(agent)?.[1] ?? '').replace('Mac OS', 'macOS');
  const browser = /Edg\//.test(agent)
    ? 'Edge'
    : /Firefox\//.test(agent)
      ? 'Firefox'
      : /Chrom(e|ium)\//.test(agent)
        ? 'Chrome'
        : /Safari\//.test(agent)
          ? 'Safari'
          : 'Browser';
  return system ? `${browser} (${system})` : browser;
}

async function kept(account: string): Promise<Kept> {
  const database = await open();
  const known = await done<Kept | undefined>(
    database.transaction(STORE, 'readonly').objectStore(STORE).get(account),
  );
  if (known) return known;
  const pair = await crypto.subtle.generateKey(HOW, false, ['sign', 'verify']);
  const spki = await crypto.subtle.exportKey('spki', pair.publicKey);
  const made: Kept = { pair, public_key: hex(spki), fingerprint: await sha256(spki) };
  // Two windows may make one at once: the first one written is everybody's.
  const store = database.transaction(STORE, 'readwrite').objectStore(STORE);
  const first = await done<Kept | undefined>(store.get(account));
  if (first) return first;
  await done(store.put(made, account));
  return made;
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(STORE);
  };
  return done(request);
}
