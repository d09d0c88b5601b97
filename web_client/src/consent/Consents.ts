/** The edge of consent in a call: reads how it stands, hears that it changed, says what somebody presses. */
import { type Room, RoomEvent } from 'livekit-client';
import { useEffect, useSyncExternalStore } from 'react';
import { type ConsentPurpose, type ConsentsAnswer, get, post } from '../api';
import type { LiveCall } from '../call/useCall';
import { type Language, usePreferences } from '../preferences';
import { Store } from '../view/store';
import type { Running } from './standing';

const TOPIC = 'genba.consents';
/** What missed packets cost is read again after so long. */
const READ_AGAIN_MS = 60_000;

export interface Known {
  readonly state: 'reading' | 'failed' | 'ready';
  readonly answer: ConsentsAnswer | null;
  readonly error: unknown;
}

export class Consents {
  readonly known = new Store<Known>({ state: 'reading', answer: null, error: null });
  readonly #path: { call_id: string };
  #room: Room | null = null;
  #language: Language = 'ja';
  #users = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(callId: string) {
    this.#path = { call_id: callId };
  }

  /** Keeps up with the room, null while there is none, until the answer is called. Every part of the screen may say so. */
  follow(room: Room | null, language: Language): () => void {
    this.#users += 1;
    if (this.#users === 1 || room !== this.#room || language !== this.#language) {
      this.#leave();
      this.#room = room;
      this.#language = language;
      this.#timer = setInterval(() => void this.look(), READ_AGAIN_MS);
      room?.on(RoomEvent.DataReceived, this.#hear).on(RoomEvent.Reconnected, this.look);
      room?.on(RoomEvent.ParticipantConnected, this.look);
      void this.look();
    }
    return () => {
      this.#users -= 1;
      if (this.#users === 0) this.#leave();
    };
  }

  #leave(): void {
    clearInterval(this.#timer);
    this.#room?.off(RoomEvent.DataReceived, this.#hear).off(RoomEvent.Reconnected, this.look);
    this.#room?.off(RoomEvent.ParticipantConnected, this.look);
  }

  readonly #hear = (_payload: Uint8Array, from: unknown, _kind: unknown, topic?: string): void => {
    if (topic === TOPIC && from === undefined) void this.look(); // the server alone speaks for nobody
  };

  readonly look = async (): Promise<void> => {
    try {
      this.#take(await get('/calls/{call_id}/consents', { path: this.#path, query: this.#query }));
    } catch (error) {
      const before = this.known.get();
      if (before.state !== 'ready') this.known.set({ ...before, state: 'failed', error });
    }
  };

  /** Asks one person, or everybody and whoever comes later. Rejects with what was in the way. */
  async ask(purposes: ConsentPurpose[], identity = ''): Promise<void> {
    const body = { purposes, identity };
    this.#take(await post('/calls/{call_id}/consents/ask', { path: this.#path, query: this.#query, body }));
  }

  /** Says yes or no, or enters what the guest `identity` said aloud. Rejects with what was in the way. */
  async answer(purposes: readonly ConsentPurpose[], yes: boolean, identity = ''): Promise<void> {
    const text_version = this.known.get().answer?.text_version ?? '';
    const body = { purposes: [...purposes], yes, text_version, identity };
    this.#take(
      await post('/calls/{call_id}/consents/answer', { path: this.#path, query: this.#query, body }),
    );
  }

  /** Keeps or deletes what was taken until a withdrawal. Rejects with what was in the way. */
  async settle(purposes: readonly Running[], keep: boolean, identity = ''): Promise<void> {
    const body = { purposes: [...purposes], keep, identity };
    this.#take(
      await post('/calls/{call_id}/consents/settle', { path: this.#path, query: this.#query, body }),
    );
  }

  get #query() {
    return { language: this.#language };
  }

  #take(answer: ConsentsAnswer): void {
    this.known.set({ state: 'ready', answer, error: null });
  }
}

let latest: { callId: string; consents: Consents } | null = null;

/** One for the call, however many parts of the screen look: a page shows one call at a time. */
function consentsOf(callId: string): Consents {
  if (latest?.callId !== callId) latest = { callId, consents: new Consents(callId) };
  return latest.consents;
}

export function useConsents(callId: string, { session }: LiveCall): { consents: Consents; known: Known } {
  const { language } = usePreferences();
  const consents = consentsOf(callId);
  const room = session?.room ?? null;
  useEffect(() => consents.follow(room, language), [consents, room, language]);
  return { consents, known: useSyncExternalStore(consents.known.subscribe, consents.known.get) };
}
