/**
 * The edge of what a call looks at together: reads it, hears the room, says what this page does. Durable things go to the
 * server and come back as packets only it can send; pointers and lines on their way go from page to page.
 */
import { type RemoteParticipant, type Room, RoomEvent } from 'livekit-client';
import { type Mark as ApiMark, get, type Look, post } from '../api';
import { isStaffIdentity } from '../call/members';
import { Latest } from './Latest';
import type { Audience } from './marks';
import { Pictures } from './Pictures';
import { SurfaceMarks } from './SurfaceMarks';
import { Store } from './store';
import {
  atVideo,
  followed,
  NOTHING_YET,
  type Presented,
  pageOf,
  presented,
  subjectOf,
  type Together,
  turned,
  turnedByPresenter,
} from './together';
import { readPacket, SHOWN_TOPIC, surfaceHash, type TurnPacket, VIEW_TOPIC, writeTurn } from './wire';

export interface Me {
  readonly identity: string;
  readonly name: string;
  readonly role: string;
}

/** What missed packets cost is read again after so long. */
const READ_AGAIN_MS = 60_000;
/** So long the presenter's own word counts before the server's. */
const AHEAD_MS = 2_000;
/**
 * The others hear of a turn from page to page at once. What the server keeps of it can wait until leafing has come to rest,
 * and what somebody looks at until they do: a turn in a call of six is nineteen requests less at the moment it is seen.
 */
const TURN_SETTLES_MS = 150;
const LOOK_SETTLES_MS = 700;

interface ServerPacket {
  readonly presented?: Presented;
  readonly looking?: readonly Look[];
  readonly marks?: { readonly surface: string; readonly marks: readonly ApiMark[] };
}

export class View {
  readonly callId: string;
  readonly pictures: Pictures;
  readonly together = new Store<Together>(NOTHING_YET);
  /** Apart from it: every turn of a page is news of this from everybody, and of nothing else. */
  readonly looking = new Store<readonly Look[]>([]);
  readonly #room: Room;
  readonly #surfaces = new Map<string, SurfaceMarks>();
  /** The marks of all pages of what was presented, on their way or read, by subject. */
  #pages = new Map<string, Promise<ReadonlyMap<string, readonly ApiMark[]>>>();
  readonly #turn: Latest<string>;
  readonly #look: Latest<string | null>;
  #ahead: ReturnType<typeof setTimeout> | undefined;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(room: Room, callId: string) {
    this.#room = room;
    this.callId = callId;
    this.pictures = new Pictures(callId);
    this.#turn = new Latest((surface) => this.#present({ surface }), TURN_SETTLES_MS);
    this.#look = new Latest((surface) => this.#report(surface), LOOK_SETTLES_MS);
    this.#timer = setInterval(() => this.readAgain(), READ_AGAIN_MS);
    room.on(RoomEvent.DataReceived, this.#hear).on(RoomEvent.Reconnected, this.readAgain);
    this.readAgain();
  }

  /** Who is at this page, as the room has it. */
  get me(): Me {
    const { identity, name = '', attributes } = this.#room.localParticipant;
    return { identity, name, role: attributes['genba.role'] ?? '' };
  }

  get isStaff(): boolean {
    return isStaffIdentity(this.me.identity);
  }

  close(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#ahead);
    this.#room.off(RoomEvent.DataReceived, this.#hear).off(RoomEvent.Reconnected, this.readAgain);
    for (const surface of this.#surfaces.values()) surface.close();
    this.pictures.close();
  }

  /** Everything anew: after the line was away, and when guests come back from a hold. */
  readonly readAgain = (): void => {
    void get('/calls/{call_id}/view', { path: { call_id: this.callId } }).then(
      (answer) => this.#take(answer),
      () => {
        const before = this.together.get();
        if (before.state === 'loading') this.together.set({ ...before, state: 'failed' });
      },
    );
    this.#pages = new Map();
    for (const surface of this.#surfaces.values()) surface.readAgain();
  };

  /** The marks of one surface, the same object every time. */
  on(key: string): SurfaceMarks {
    const known = this.#surfaces.get(key);
    if (known) return known;
    const send = (bytes: Uint8Array<ArrayBuffer>, audience: Audience) => {
      if (audience === 'own') return;
      const isStaffOnly = audience === 'staff' || this.together.get().shown?.audience === 'staff';
      void this.#send(bytes, isStaffOnly);
    };
    const made = new SurfaceMarks(key, this.callId, this.me, send, this.#read);
    this.#surfaces.set(key, made);
    return made;
  }

  /** A new board before everybody. */
  readonly presentBoard = (): Promise<void> => this.#present({});

  /** Something before everybody; raises ApiError. */
  readonly present = (surface: string): Promise<void> => this.#present({ surface });

  readonly takeAway = async (): Promise<void> => {
    this.#take(await post('/calls/{call_id}/view/take-away', { path: { call_id: this.callId } }));
  };

  /** To a page: the presenter takes everybody along, others go by themselves. */
  readonly turnTo = (surface: string): void => {
    const before = this.together.get();
    this.together.set(turned(before, surface));
    if (before.shown?.presenter !== this.me.identity) return;
    const packet = writeTurn(surfaceHash(subjectOf(surface)), pageOf(surface));
    void this.#send(packet, before.shown.audience === 'staff', true);
    this.#turn.say(surface);
  };

  readonly follow = (): void => this.together.set(followed(this.together.get()));
  readonly backToVideo = (): void => this.together.set(atVideo(this.together.get()));

  /** The surface is on the screen now, or none is. */
  readonly sees = (surface: string | null): void => this.#look.say(surface);

  async #present(body: { surface?: string }): Promise<void> {
    this.#take(await post('/calls/{call_id}/view/present', { path: { call_id: this.callId }, body }));
  }

  /** Of pages all at once: a turn asks for nothing, and small pages show what is on them. */
  readonly #read = async (surface: string): Promise<readonly ApiMark[]> => {
    const path = { call_id: this.callId };
    if (pageOf(surface) === 0)
      return (await get('/calls/{call_id}/marks', { path, query: { surface } })).marks;
    const subject = subjectOf(surface);
    const known = this.#pages.get(subject);
    const asked =
      known ??
      get('/calls/{call_id}/marks/pages', { path, query: { subject } }).then(
        ({ pages }) => new Map(pages.map((page) => [page.surface, page.marks])),
      );
    this.#pages.set(subject, asked);
    try {
      return (await asked).get(surface) ?? [];
    } catch (error) {
      if (this.#pages.get(subject) === asked) this.#pages.delete(subject); // the next one asks anew
      throw error;
    }
  };

  async #report(surface: string | null): Promise<void> {
    const path = { call_id: this.callId };
    const answer = await post('/calls/{call_id}/view/look', { path, body: { surface } });
    this.looking.set(answer.looking);
  }

  #take(answer: Presented & { readonly looking: readonly Look[] }): void {
    const { shown, before, looking } = answer;
    this.#news({ shown, before });
    this.looking.set(looking);
  }

  #news(news: Presented): void {
    let next = presented(this.together.get(), news);
    // The presenter is where their own turns are, until the server has told the last of them.
    const isMine = next.shown?.presenter === this.me.identity;
    if (isMine && next.own.at === 'page' && next.own.surface === next.shown?.surface) next = followed(next);
    this.together.set(next);
  }

  readonly #hear = (
    payload: Uint8Array,
    participant: RemoteParticipant | undefined,
    _kind?: unknown,
    topic?: string,
  ): void => {
    if (topic === SHOWN_TOPIC && participant === undefined) this.#hearServer(payload);
    else if (topic === VIEW_TOPIC && participant !== undefined) {
      const packet = readPacket(payload);
      if (packet?.kind === 'turn') {
        this.#hearTurn(packet, participant.identity);
        return;
      }
      const surface = packet && [...this.#surfaces.values()].find(({ hash }) => hash === packet.surface);
      if (!packet || !surface) return;
      const { identity, name = '', attributes } = participant;
      surface.hear(packet, { identity, name, role: attributes['genba.role'] ?? '' });
    }
  };

  #hearTurn({ surface, page }: TurnPacket, sender: string): void {
    const before = this.together.get();
    if (before.shown === null || surfaceHash(subjectOf(before.shown.surface)) !== surface) return;
    const next = turnedByPresenter(before, sender, page);
    this.together.set(next);
    clearTimeout(this.#ahead);
    if (next.ahead !== null) this.#ahead = setTimeout(() => this.#atServer(), AHEAD_MS);
  }

  /** What the server says is right, whatever came between. */
  #atServer(): void {
    this.together.set({ ...this.together.get(), ahead: null });
  }

  #hearServer(payload: Uint8Array): void {
    const packet = JSON.parse(new TextDecoder().decode(payload)) as ServerPacket; // nobody else can speak there
    if (packet.presented) this.#news(packet.presented);
    if (packet.looking) this.looking.set(packet.looking);
    if (packet.marks) this.on(packet.marks.surface).merge(packet.marks.marks);
  }

  async #send(payload: Uint8Array<ArrayBuffer>, isStaffOnly: boolean, reliable = false): Promise<void> {
    const staff = [...this.#room.remoteParticipants.keys()].filter(isStaffIdentity);
    if (isStaffOnly && staff.length === 0) return; // nobody named would be everybody
    const destinationIdentities = isStaffOnly ? staff : [];
    await this.#room.localParticipant
      .publishData(payload, { reliable, topic: VIEW_TOPIC, destinationIdentities })
      .catch(() => undefined); // worth nothing a moment later
  }
}
