/**
 * Where notes wait on the device: IndexedDB, what they say sealed with AES-GCM under a key of the account that the browser
 * keeps and never hands out. Whoever copies the files, or signs in as somebody else, reads nothing.
 */
import type { Waiting } from './queue';

const NAME = 'genba-outbox';

interface Stored extends Waiting {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly sealed: ArrayBuffer;
}

export async function sha256(content: BufferSource): Promise<string> {
  return hex(await crypto.subtle.digest('SHA-256', content));
}

export function hex(content: ArrayBuffer): string {
  return [...new Uint8Array(content)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('keys');
    request.result.createObjectStore('notes', { keyPath: 'id' }).createIndex('account', 'account');
  };
  return done(request);
}

/** The notes of one account on this device. */
export class Vault {
  readonly #account: string;
  readonly #database = open();

  constructor(account: string) {
    this.#account = account;
  }

  async list(): Promise<readonly Waiting[]> {
    const rows: Stored[] = await done(
      (await this.#store('notes', 'readonly')).index('account').getAll(this.#account),
    );
    return rows.map(({ iv: _iv, sealed: _sealed, ...waiting }) => waiting);
  }

  /** Resolves when the browser has written it. */
  async keep(waiting: Waiting, content: Uint8Array<ArrayBuffer>): Promise<void> {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt(this.#how(iv, waiting.id), await this.#key(), content);
    const database = await this.#database;
    const transaction = database.transaction('notes', 'readwrite', { durability: 'strict' });
    const finished = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    transaction.objectStore('notes').put({ ...waiting, iv, sealed } satisfies Stored);
    await finished;
  }

  /** What a note says; null when it is not here any more. */
  async read(id: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const row: Stored | undefined = await done((await this.#store('notes', 'readonly')).get(id));
    if (!row || row.account !== this.#account) return null;
    return new Uint8Array(await crypto.subtle.decrypt(this.#how(row.iv, id), await this.#key(), row.sealed));
  }

  async forget(id: string): Promise<void> {
    await done((await this.#store('notes', 'readwrite')).delete(id));
  }

  async #store(name: string, mode: IDBTransactionMode): Promise<IDBObjectStore> {
    return (await this.#database).transaction(name, mode).objectStore(name);
  }

  /** Bound to its note, so that rows cannot be exchanged. */
  #how(iv: Uint8Array<ArrayBuffer>, id: string): AesGcmParams {
    return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(`${this.#account} ${id}`) };
  }

  async #key(): Promise<CryptoKey> {
    const known: CryptoKey | undefined = await done(
      (await this.#store('keys', 'readonly')).get(this.#account),
    );
    if (known) return known;
    const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]);
    // Two windows may make one at once: the first one written is everybody's.
    const store = await this.#store('keys', 'readwrite');
    const first: CryptoKey | undefined = await done(store.get(this.#account));
    if (first) return first;
    await done(store.put(made, this.#account));
    return made;
  }
}
