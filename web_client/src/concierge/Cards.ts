/** The cards of one call on this page: read when it opens, whenever the server says that something is different, and by and by. */
import { type Room, RoomEvent } from 'livekit-client';
import { useEffect, useSyncExternalStore } from 'react';
import { type CallCard, get, post } from '../api';
import { Store } from '../view/store';

export const TOPIC = 'genba.cards';
/** What a missed packet costs is read again after so long. */
const READ_AGAIN_MS = 30_000;
const NONE: readonly CallCard[] = [];

class GuestCardStore {
  readonly cards = new Store<readonly CallCard[]>(NONE);
  readonly #path: { call_id: string };

  constructor(callId: string) {
    this.#path = { call_id: callId };
  }

  /** Keeps up with the room until the answer is called. */
  follow(room: Room): () => void {
    const hear = (_payload: Uint8Array, from: unknown, _kind: unknown, topic?: string) => {
      if (topic === TOPIC && from === undefined) void this.look(); // the server alone speaks for nobody
    };
    const timer = setInterval(() => void this.look(), READ_AGAIN_MS);
    room.on(RoomEvent.DataReceived, hear).on(RoomEvent.Reconnected, this.look);
    void this.look();
    return () => {
      clearInterval(timer);
      room.off(RoomEvent.DataReceived, hear).off(RoomEvent.Reconnected, this.look);
    };
  }

  readonly look = async (): Promise<void> => {
    try {
      this.#take(await get('/calls/{call_id}/cards', { path: this.#path }));
    } catch {
      // What was read last stays; the next packet, or the timer, tries again.
    }
  };

  /** It stands on this screen. */
  readonly see = async (card_id: string): Promise<void> => {
    try {
      this.#take(await post('/calls/{call_id}/cards/{card_id}/seen', { path: { ...this.#path, card_id } }));
    } catch {
      // It was taken back meanwhile, or the line is gone: read again.
      await this.look();
    }
  };

  #take({ cards }: { cards: readonly CallCard[] }): void {
    this.cards.set(cards);
  }
}

let latest: { callId: string; store: GuestCardStore } | null = null;

/** The store of a call; a page shows one call at a time. */
function storeOf(callId: string): GuestCardStore {
  if (latest?.callId !== callId) latest = { callId, store: new GuestCardStore(callId) };
  return latest.store;
}

/** `isHeld` is an occasion to read again: what staff prepared while they were among themselves is there afterwards. */
export function useGuestCards(callId: string, room: Room | null, isHeld: boolean) {
  const store = storeOf(callId);
  useEffect(() => (room ? store.follow(room) : undefined), [store, room]);
  useEffect(() => {
    if (!isHeld) void store.look();
  }, [store, isHeld]);
  return { cards: useSyncExternalStore(store.cards.subscribe, store.cards.get), see: store.see };
}
