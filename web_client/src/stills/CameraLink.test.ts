import { RoomEvent } from 'livekit-client';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { CallSession } from '../call/session';
import { CameraLink } from './CameraLink';
import { CAMERA_TOPIC, type Lent, read, type Wish, write } from './camera';

type Listener = (...facts: unknown[]) => void;

const BOSS = { identity: 'S-2', name: '小野寺 健' };
const RESIDENT = { identity: 'G-1', name: '田中' };

/** A session with a torch and a zoom from 1 to 4, and a room that keeps what is sent. */
class Site {
  readonly done: string[] = [];
  readonly sent: { to: string; message: Wish | Lent | null }[] = [];
  readonly taken: string[] = [];
  readonly #listeners = new Map<string, Listener>();
  #torchOn = false;
  #tell: () => void = () => undefined;
  readonly link: CameraLink;

  constructor() {
    const room = {
      on: (event: string, listener: Listener) => {
        this.#listeners.set(event, listener);
        return room;
      },
      off: () => room,
      localParticipant: {
        publishData: async (bytes: Uint8Array, options: { destinationIdentities: string[] }) => {
          this.sent.push({ to: options.destinationIdentities.join(), message: read(bytes, 'S-1') });
        },
      },
    };
    const session = {
      room,
      subscribe: (listener: () => void) => {
        this.#tell = listener;
        return () => undefined;
      },
      snapshot: () => ({
        tools: { hasTorch: true, zoom: { min: 1, max: 4 } },
        torchOn: this.#torchOn,
        zoom: 1,
        cameras: [],
      }),
      setTorch: async (on: boolean) => {
        this.done.push(`torch ${on}`);
        this.#torchOn = on;
        this.#tell();
      },
      setZoom: async (factor: number) => void this.done.push(`zoom ${factor}`),
      switchCamera: async () => void this.done.push('switch'),
    };
    this.link = new CameraLink(session as unknown as CallSession, (consent) => this.taken.push(consent));
  }

  hears(from: { identity: string; name: string }, message: Wish | Lent, topic = CAMERA_TOPIC): void {
    this.#listeners.get(RoomEvent.DataReceived)?.(write(message), from, undefined, topic);
  }

  leaves(who: { identity: string }): void {
    this.#listeners.get(RoomEvent.ParticipantDisconnected)?.(who);
  }
}

let site: Site;
beforeEach(() => {
  vi.clearAllMocks();
  site = new Site();
});

describe('a camera that is not lent', () => {
  test('does nothing, but asks the person who holds it', () => {
    site.hears(BOSS, { do: 'torch', on: true });
    site.hears(BOSS, { do: 'switch' });
    expect(site.link.state.get().asked).toBeNull();
    site.hears(BOSS, { do: 'lend' });
    expect(site.link.state.get().asked).toEqual({ who: BOSS, what: 'lend' });
    expect(site.done).toEqual([]);
  });

  test('is never asked for by a guest, or under another topic', () => {
    site.hears(RESIDENT, { do: 'still' });
    site.hears(BOSS, { do: 'still' }, 'genba.view');
    expect(site.link.state.get().asked).toBeNull();
  });
});

describe('a camera that is lent', () => {
  test('obeys that person alone, within what it can, and tells how its tools stand', () => {
    site.link.lend(BOSS, null);
    site.hears(BOSS, { do: 'torch', on: true });
    site.hears(BOSS, { do: 'zoom', factor: 9 });
    site.hears({ identity: 'S-3', name: '別の職員' }, { do: 'torch', on: false });
    expect(site.done).toEqual(['torch true', 'zoom 4']);
    const tools = { stills: false, zoom: { min: 1, max: 4, now: 1 }, canSwitch: false };
    expect(site.sent).toEqual([
      { to: BOSS.identity, message: { lent: { ...tools, torch: false } } },
      { to: BOSS.identity, message: { lent: { ...tools, torch: true } } },
    ]);
  });

  test('takes stills at once only where that was agreed', () => {
    site.link.lend(BOSS, null);
    site.hears(BOSS, { do: 'still' });
    expect(site.taken).toEqual([]);
    expect(site.link.state.get().asked?.what).toBe('still');
    site.link.lend(BOSS, 'nobody');
    site.hears(BOSS, { do: 'still' });
    expect(site.taken).toEqual(['nobody']);
  });

  test('is taken back by its holder, and when the other leaves', () => {
    site.link.lend(BOSS, 'given');
    site.link.stopLending();
    site.hears(BOSS, { do: 'torch', on: true });
    expect(site.done).toEqual([]);
    expect(site.sent.at(-1)).toEqual({ to: BOSS.identity, message: { lent: null } });
    site.link.lend(BOSS, 'given');
    site.leaves(BOSS);
    expect(site.link.state.get().lentTo).toBeNull();
  });
});
