/**
 * The edge of the outbox: keeps notes and stills in the vault first, then sends them by itself while somebody looks at it, one window
 * at a time. The server takes every step twice without harm, so a broken line or a reload costs one piece at most.
 */
import { ApiError } from '../api';
import {
  FIRST_PIECE_BYTES,
  inOrder,
  nextPiece,
  type Progress,
  reactTo,
  type Waiting,
  type WaitingKind,
  waitAfter,
} from './queue';
import { sha256, Vault } from './vault';
import { wayOf } from './ways';

export interface OutboxItem extends Waiting {
  readonly progress: Progress;
}

/** In the order of sending; null while the device is read. */
export type OutboxSnapshot = readonly OutboxItem[] | null;

export interface NewItem {
  /** Where others must know it; else one is made. */
  readonly id?: string;
  readonly call_id: string;
  readonly kind: WaitingKind;
  readonly content: Uint8Array<ArrayBuffer>;
  /** Of what is sent, where that is less than the content. */
  readonly size_bytes?: number;
  readonly duration_ms: number;
}

const LOOK_EVERY_MS = 20_000;

export class Outbox {
  readonly #account: string;
  readonly #vault: Vault;
  readonly #listeners = new Set<() => void>();
  readonly #progress = new Map<string, Progress>();
  #waiting: readonly Waiting[] | null = null;
  #snapshot: OutboxSnapshot = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #isSending = false;
  #piece = FIRST_PIECE_BYTES;

  constructor(account: string) {
    this.#account = account;
    this.#vault = new Vault(account);
  }

  /** Notes are sent while anybody listens. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#begin();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#end();
    };
  };

  readonly snapshot = (): OutboxSnapshot => this.#snapshot;

  /** Resolves when it is safe on the device; sending begins at once. */
  async add({ id, call_id, kind, content, size_bytes, duration_ms }: NewItem): Promise<void> {
    await this.#vault.keep(
      {
        id: id ?? crypto.randomUUID(),
        account: this.#account,
        call_id,
        kind,
        size_bytes: size_bytes ?? content.length,
        sha256: await sha256(content),
        duration_ms: Math.round(duration_ms),
        recorded_at: new Date().toISOString(),
      },
      content,
    );
    void navigator.storage?.persist?.();
    await this.#look();
    this.#soon();
  }

  /** What a waiting note says. */
  read(id: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#vault.read(id);
  }

  /** Only what the server does not want is thrown away, and only by a person. */
  async throwAway(id: string): Promise<void> {
    await this.#vault.forget(id);
    await this.#look();
  }

  #begin(): void {
    window.addEventListener('online', this.#soon);
    void this.#look().then(this.#soon);
  }

  #end(): void {
    window.removeEventListener('online', this.#soon);
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    this.#waiting = inOrder(await this.#vault.list());
    this.#show();
  }

  #show(): void {
    const none: Progress = { at: 'waiting' };
    this.#snapshot =
      this.#waiting?.map((waiting) => ({ ...waiting, progress: this.#progress.get(waiting.id) ?? none })) ??
      null;
    for (const listener of this.#listeners) listener();
  }

  readonly #soon = (): void => {
    clearTimeout(this.#timer);
    this.#failures = 0;
    void this.#sendAll();
  };

  #later(wait_ms: number): void {
    clearTimeout(this.#timer);
    if (this.#listeners.size > 0) this.#timer = setTimeout(() => void this.#sendAll(), wait_ms);
  }

  /** One window of this account sends at a time; the others look again later. */
  async #sendAll(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      const send = () => this.#sendInOrder();
      if (navigator.locks === undefined) await send();
      else
        await navigator.locks.request(`genba.outbox.${this.#account}`, { ifAvailable: true }, (lock) =>
          lock ? send() : undefined,
        );
      await this.#look();
    } finally {
      this.#isSending = false;
      this.#later(this.#failures > 0 ? waitAfter(this.#failures) * 1000 : LOOK_EVERY_MS);
    }
  }

  async #sendInOrder(): Promise<void> {
    await this.#look();
    for (let next = this.#next(); next; next = this.#next()) {
      if (this.#listeners.size === 0) return; // somebody else may be signed in by now
      if (!(await this.#send(next))) return;
    }
  }

  #next(): Waiting | undefined {
    return this.#waiting?.find(({ id }) => this.#progress.get(id)?.at !== 'refused');
  }

  /** False when the rest has to wait as well. */
  async #send(note: Waiting): Promise<boolean> {
    const content = await this.#vault.read(note.id);
    if (content === null) {
      await this.#look();
      return true;
    }
    try {
      await this.#push(note, content);
      this.#failures = 0;
      this.#progress.delete(note.id);
      await this.#vault.forget(note.id);
      await this.#look();
      return true;
    } catch (error) {
      const refusal = error instanceof ApiError ? error : null;
      const reaction = refusal
        ? reactTo({ key: refusal.key, status: refusal.status, offset: refusal.number('offset') })
        : ({ do: 'wait' } as const);
      if (reaction.do === 'keep') {
        this.#progress.set(note.id, { at: 'refused', key: reaction.key });
        this.#show();
        return true;
      }
      this.#failures += 1;
      this.#progress.set(note.id, { at: 'waiting' });
      this.#show();
      return false; // asked anew, the server says from where to go on
    }
  }

  async #push(item: Waiting, content: Uint8Array<ArrayBuffer>): Promise<void> {
    const way = wayOf(item, content);
    const begun = await way.begin();
    let at = begun.received_bytes;
    while (!begun.complete && at < way.bytes.length) {
      this.#progress.set(item.id, { at: 'sending', sent_bytes: at });
      this.#show();
      const started = performance.now();
      const piece = way.bytes.slice(at, at + this.#piece);
      try {
        at = (await way.piece(at, piece)).received_bytes;
        this.#piece = nextPiece(piece.length, (performance.now() - started) / 1000);
      } catch (error) {
        this.#piece = nextPiece(this.#piece, Number.POSITIVE_INFINITY);
        throw error;
      }
    }
    await way.complete();
  }
}

const boxes = new Map<string, Outbox>();

/** The one outbox of an account in this window. */
export function outboxOf(account: string): Outbox {
  const known = boxes.get(account) ?? new Outbox(account);
  boxes.set(account, known);
  return known;
}
