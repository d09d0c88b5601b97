/** The edge of lending a camera: hears wishes, does what was allowed, tells the other how the tools stand. */
import { type RemoteParticipant, type Room, RoomEvent } from 'livekit-client';
import { canSwitch } from '../call/camera';
import type { CallSession } from '../call/session';
import { Store } from '../view/store';
import { CAMERA_TOPIC, type Lent, read, type Wish, write } from './camera';
import type { Consent } from './manifest';

export interface Who {
  readonly identity: string;
  readonly name: string;
}

export interface CameraState {
  /** Somebody asks for a still, or for the camera, and waits for an answer. */
  readonly asked: { readonly who: Who; readonly what: 'still' | 'lend' } | null;
  /** To whom this device's camera is lent; `consent` = stills may be taken at once, with this answer. */
  readonly lentTo: (Who & { readonly consent: Consent | null }) | null;
  /** What others lent to us, by identity. */
  readonly borrowed: ReadonlyMap<string, NonNullable<Lent['lent']>>;
}

const NOTHING: CameraState = { asked: null, lentTo: null, borrowed: new Map() };

export class CameraLink {
  readonly state = new Store<CameraState>(NOTHING);
  readonly #session: CallSession;
  readonly #room: Room;
  readonly #takeNow: (consent: Consent) => void;
  readonly #stop: () => void;
  #told = '';

  constructor(session: CallSession, takeNow: (consent: Consent) => void) {
    this.#session = session;
    this.#room = session.room;
    this.#takeNow = takeNow;
    this.#room.on(RoomEvent.DataReceived, this.#hear).on(RoomEvent.ParticipantDisconnected, this.#gone);
    this.#stop = session.subscribe(() => this.#tell());
  }

  close(): void {
    this.#stop();
    this.stopLending();
    this.#room.off(RoomEvent.DataReceived, this.#hear).off(RoomEvent.ParticipantDisconnected, this.#gone);
  }

  wish(identity: string, wish: Wish): void {
    void this.#send(identity, wish);
  }

  /** The one who asked is answered, or nobody asks any more. */
  answered(): void {
    this.#set({ asked: null });
  }

  lend(who: Who, consent: Consent | null): void {
    this.#set({ asked: null, lentTo: { ...who, consent } });
    this.#told = '';
    this.#tell();
  }

  stopLending(): void {
    const { lentTo } = this.state.get();
    if (lentTo === null) return;
    this.#set({ lentTo: null });
    void this.#send(lentTo.identity, { lent: null });
  }

  readonly #hear = (payload: Uint8Array, from?: RemoteParticipant, _kind?: unknown, topic?: string): void => {
    if (topic !== CAMERA_TOPIC || !from) return;
    const message = read(payload, from.identity);
    const who = { identity: from.identity, name: from.name ?? from.identity };
    if (message === null) return;
    if ('lent' in message) this.#borrow(from.identity, message.lent);
    else if (this.state.get().lentTo?.identity === from.identity) this.#obey(message, who);
    else if (message.do === 'still' || message.do === 'lend') this.#set({ asked: { who, what: message.do } });
  };

  #obey(wish: Wish, who: Who): void {
    const { consent = null } = this.state.get().lentTo ?? {};
    if (wish.do === 'torch') void this.#session.setTorch(wish.on);
    else if (wish.do === 'switch') void this.#session.switchCamera();
    else if (wish.do === 'zoom') {
      const range = this.#session.snapshot().tools.zoom;
      if (range) void this.#session.setZoom(Math.min(range.max, Math.max(range.min, wish.factor)));
    } else if (wish.do === 'still') {
      if (consent === null) this.#set({ asked: { who, what: 'still' } });
      else this.#takeNow(consent);
    }
  }

  #borrow(identity: string, lent: Lent['lent']): void {
    const borrowed = new Map(this.state.get().borrowed);
    if (lent === null) borrowed.delete(identity);
    else borrowed.set(identity, lent);
    this.#set({ borrowed });
  }

  readonly #gone = ({ identity }: RemoteParticipant): void => {
    const { asked, lentTo } = this.state.get();
    this.#borrow(identity, null);
    if (asked?.who.identity === identity) this.#set({ asked: null });
    if (lentTo?.identity === identity) this.#set({ lentTo: null });
  };

  /** How the tools stand, whenever that changes. */
  #tell(): void {
    const { lentTo } = this.state.get();
    if (lentTo === null) return;
    const { tools, torchOn, zoom, cameras } = this.#session.snapshot();
    const lent: Lent = {
      lent: {
        stills: lentTo.consent !== null,
        torch: tools.hasTorch ? torchOn : null,
        zoom: tools.zoom && { ...tools.zoom, now: zoom },
        canSwitch: canSwitch(cameras),
      },
    };
    const text = JSON.stringify(lent);
    if (text === this.#told) return;
    this.#told = text;
    void this.#send(lentTo.identity, lent);
  }

  async #send(identity: string, message: Wish | Lent): Promise<void> {
    const options = { reliable: true, topic: CAMERA_TOPIC, destinationIdentities: [identity] };
    await this.#room.localParticipant.publishData(write(message), options).catch(() => undefined);
  }

  #set(part: Partial<CameraState>): void {
    this.state.set({ ...this.state.get(), ...part });
  }
}
