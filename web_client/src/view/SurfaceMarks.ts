/**
 * The marks of one surface on this page: what the server knows, what was drawn here and is on its way to it, and what the
 * others just do (pointers, lines being drawn), which passes. Reading and sending go on while somebody watches.
 */
import { type Mark as ApiMark, post } from '../api';
import { isPassing } from './Latest';
import {
  type Audience,
  type Content,
  isDrawn,
  keyOf,
  lastOf,
  type Mark,
  type Marks,
  merge,
  NO_MARKS,
  newMarkId,
  notYet,
  simplify,
} from './marks';
import { Store } from './store';
import type { Me } from './View';
import { type InkPacket, type PointerPacket, surfaceHash, writeInk, writePointer } from './wire';

const SEND_AGAIN_MS = [500, 1_000, 2_000, 5_000, 10_000];
const BUNDLE = 50;
/** Twenty a second look smooth, and are a third of what the server lets one page say. */
const LIVE_EVERY_MS = 50;
/** A pointer that says nothing more is gone, a line that is not finished too. */
const POINTER_MS = 3_000;
const INK_MS = 6_000;

export interface Pointer extends Me {
  readonly at: readonly [number, number];
}

export interface Ink extends Omit<InkPacket, 'kind' | 'surface'> {
  readonly author: string;
}

export interface SurfaceState {
  readonly marks: Marks;
  readonly state: 'loading' | 'ready' | 'failed';
  /** Drawn here, not yet at the server. */
  readonly unsent: number;
  /** The error with which the server refused the last one; null = none. */
  readonly refused: unknown;
}

export interface Passing {
  readonly pointers: readonly Pointer[];
  readonly inks: readonly Ink[];
}

type Send = (bytes: Uint8Array<ArrayBuffer>, audience: Audience) => void;
/** What the server knows of a surface; raises ApiError. */
type Read = (surface: string) => Promise<readonly ApiMark[]>;

export class SurfaceMarks {
  readonly key: string;
  readonly hash: number;
  readonly me: Me;
  readonly drawn = new Store<SurfaceState>({ marks: NO_MARKS, state: 'loading', unsent: 0, refused: null });
  readonly passing = new Store<Passing>({ pointers: [], inks: [] });
  readonly #callId: string;
  readonly #send: Send;
  readonly #ask: Read;
  readonly #unsent = new Map<string, Mark>();
  readonly #undone: string[] = [];
  readonly #until = new Map<string, number>();
  #pruning: ReturnType<typeof setTimeout> | undefined;
  #isSending = false;
  #isClosed = false;
  #isRead = false;
  #spoke = 0;
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(key: string, callId: string, me: Me, send: Send, ask: Read) {
    this.key = key;
    this.hash = surfaceHash(key);
    this.me = me;
    this.#callId = callId;
    this.#send = send;
    this.#ask = ask;
  }

  /** For screens: watching begins the reading. */
  readonly watch = (listener: () => void): (() => void) => {
    const stop = this.drawn.subscribe(listener);
    if (!this.#isRead) {
      this.#isRead = true;
      void this.#read();
    }
    return stop;
  };

  readAgain(): void {
    if (this.drawn.isWatched) void this.#read();
    else this.#isRead = false;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#pruning);
    clearTimeout(this.#later);
  }

  /** Marks from the server. */
  merge(marks: readonly ApiMark[]): void {
    const before = this.drawn.get();
    const passing = this.passing.get();
    const known = new Set(marks.map(keyOf));
    this.passing.set({ ...passing, inks: passing.inks.filter((ink) => !known.has(keyOf(ink))) });
    this.drawn.set({ ...before, marks: merge(before.marks, marks) });
  }

  /** What another page does right now; `from` is whose page it is. */
  hear(packet: PointerPacket | InkPacket, from: Me): void {
    const { pointers, inks } = this.passing.get();
    if (packet.kind === 'pointer') {
      const others = pointers.filter(({ identity }) => identity !== from.identity);
      const more = packet.at === null ? [] : [{ ...from, at: packet.at }];
      this.#keep(`pointer ${from.identity}`, POINTER_MS);
      this.passing.set({ inks, pointers: [...others, ...more] });
    } else {
      const { kind: _, surface: __, ...ink } = packet;
      const mine = { ...ink, author: from.identity };
      if (this.drawn.get().marks.has(keyOf(mine))) return; // finished before its last packet came
      this.#keep(`ink ${from.identity}`, INK_MS);
      this.passing.set({ pointers, inks: [...inks.filter(({ author }) => author !== from.identity), mine] });
    }
  }

  /** Draws; it is here at once and at the others' as soon as the server has it. Answers the mark's id. */
  draw(content: Content, id = newMarkId()): string {
    const points =
      content.tool === 'pen' || content.tool === 'highlighter' ? simplify(content.points) : content.points;
    const { identity, name, role } = this.me;
    this.#undone.length = 0;
    const drawn_at = notYet(new Date());
    this.#say({
      ...content,
      points,
      id,
      author: identity,
      revision: 1,
      author_name: name,
      author_role: role,
      drawn_at,
    });
    return id;
  }

  /** Takes back the own mark drawn last. */
  undo(): void {
    const last = lastOf(this.drawn.get().marks, this.me.identity);
    if (last === undefined) return;
    this.#undone.push(keyOf(last));
    this.#say({ ...last, revision: last.revision + 1 });
  }

  /** Brings back what was taken back last, until something new is drawn. */
  redo(): void {
    const mark = this.drawn.get().marks.get(this.#undone.pop() ?? '');
    if (mark !== undefined && !isDrawn(mark)) this.#say({ ...mark, revision: mark.revision + 1 });
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Points at something, or no longer. */
  point(at: readonly [number, number] | null, audience: Audience): void {
    this.#soon(() => this.#send(writePointer(this.hash, at), audience), at === null);
  }

  /** A line that is being drawn. */
  ink(id: string, { tool, colour, width, points, audience }: Content): void {
    this.#soon(() => this.#send(writeInk({ surface: this.hash, id, tool, colour, width, points }), audience));
  }

  /** At most twenty a second, and always the last one. */
  #soon(say: () => void, isLast = false): void {
    clearTimeout(this.#later);
    const wait = this.#spoke + LIVE_EVERY_MS - performance.now();
    const now = () => {
      this.#spoke = performance.now();
      say();
    };
    if (wait <= 0 || isLast) now();
    else this.#later = setTimeout(now, wait);
  }

  #say(mark: Mark): void {
    this.#unsent.set(mark.id, mark);
    const before = this.drawn.get();
    this.drawn.set({
      ...before,
      marks: merge(before.marks, [mark]),
      unsent: this.#unsent.size,
      refused: null,
    });
    if (!this.#isSending) void this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    for (let failed = 0; this.#unsent.size > 0 && !this.#isClosed; ) {
      const bundle = [...this.#unsent.values()].slice(0, BUNDLE);
      try {
        const marks = bundle.map(
          ({ author: _, author_name: __, author_role: ___, drawn_at: ____, ...rest }) => ({
            ...rest,
            points: [...rest.points],
          }),
        );
        const path = { call_id: this.#callId };
        const answer = await post('/calls/{call_id}/marks', { path, body: { surface: this.key, marks } });
        failed = 0;
        this.#sent(bundle, null);
        this.merge(answer.marks);
      } catch (error) {
        if (isPassing(error)) await pause(SEND_AGAIN_MS[Math.min(failed++, SEND_AGAIN_MS.length - 1)] ?? 0);
        else this.#sent(bundle, error);
      }
    }
    this.#isSending = false;
  }

  /** These are at the server, or were refused and so are nowhere. */
  #sent(bundle: readonly Mark[], refused: unknown): void {
    for (const mark of bundle) {
      if (this.#unsent.get(mark.id)?.revision === mark.revision) this.#unsent.delete(mark.id);
    }
    const before = this.drawn.get();
    const lost = new Set(refused === null ? [] : bundle.map(keyOf));
    const marks = lost.size > 0 ? new Map([...before.marks].filter(([key]) => !lost.has(key))) : before.marks;
    this.drawn.set({ ...before, marks, unsent: this.#unsent.size, refused: refused ?? before.refused });
  }

  async #read(): Promise<void> {
    try {
      this.merge(await this.#ask(this.key));
      this.drawn.set({ ...this.drawn.get(), state: 'ready' });
    } catch {
      const before = this.drawn.get();
      if (before.state === 'loading') this.drawn.set({ ...before, state: 'failed' });
    }
  }

  /** Forget a pointer or a line unless it is said again in time. */
  #keep(what: string, for_ms: number): void {
    this.#until.set(what, performance.now() + for_ms);
    this.#pruning ??= setTimeout(() => this.#prune(), for_ms);
  }

  #prune(): void {
    const now = performance.now();
    for (const [what, until] of this.#until) if (until <= now) this.#until.delete(what);
    const { pointers, inks } = this.passing.get();
    this.passing.set({
      pointers: pointers.filter(({ identity }) => this.#until.has(`pointer ${identity}`)),
      inks: inks.filter(({ author }) => this.#until.has(`ink ${author}`)),
    });
    const next = Math.min(...this.#until.values());
    this.#pruning = Number.isFinite(next) ? setTimeout(() => this.#prune(), next - now) : undefined;
  }
}

const pause = (for_ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, for_ms));
