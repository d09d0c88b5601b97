/**
 * What this device remembers of public services, and nothing else does: off until somebody switches it on, and gone when
 * they say so. The server is sent it for one answer at a time and keeps none of it.
 */
import type { ServiceItem } from '../api';

const KEY = 'genba.services';
const SIMPLE_KEY = 'genba.simple';
const NOTICES_KEY = 'genba.notices';
const MOST_SEEN = 50;
const MOST_OTHERS = 100;
const DAY_MS = 86_400_000;
export const LATER_DAYS = 7;
const KEPT_DAYS = 180;

export type Kind = ServiceItem['kind'];

export interface Remembered {
  kind: Kind;
  id: string;
  title: string;
  /** Milliseconds since 1970: when it was looked at or refused; of what waits, until when. */
  at: number;
}

export interface Memory {
  on: boolean;
  seen: readonly Remembered[];
  unwanted: readonly Remembered[];
  later: readonly Remembered[];
}

export const NOTHING: Memory = { on: false, seen: [], unwanted: [], later: [] };

type Of = Pick<ServiceItem, 'kind' | 'id' | 'title'>;

const isSame = (one: Pick<Remembered, 'kind' | 'id'>, other: Pick<Remembered, 'kind' | 'id'>) =>
  one.kind === other.kind && one.id === other.id;

/** Looked at now: newest first, each once. */
export function seen(memory: Memory, service: Of, now: number): Memory {
  if (!memory.on) return memory;
  return { ...memory, seen: added(memory.seen, service, now, MOST_SEEN) };
}

export function forgotten(memory: Memory, service: Of): Memory {
  return { ...memory, seen: memory.seen.filter((one) => !isSame(one, service)) };
}

/** 「関係ない」: removed, and what is like it counts for less from now on. */
export function refused(memory: Memory, service: Of, now: number): Memory {
  return { ...memory, unwanted: added(memory.unwanted, service, now, MOST_OTHERS) };
}

/** 「あとで」: not shown for a week. */
export function postponed(memory: Memory, service: Of, now: number): Memory {
  return { ...memory, later: added(memory.later, service, now + LATER_DAYS * DAY_MS, MOST_OTHERS) };
}

function added(list: readonly Remembered[], { kind, id, title }: Of, at: number, most: number): Remembered[] {
  const one = { kind, id, title, at };
  return [one, ...list.filter((other) => !isSame(one, other))].slice(0, most);
}

/** What the server is asked with. */
export function asked(memory: Memory, now: number) {
  const names = (list: readonly Remembered[]) => list.map(({ kind, id }) => ({ kind, id }));
  return {
    seen: memory.seen.map(({ kind, id, at }) => ({
      kind,
      id,
      days_ago: Math.min(366, Math.max(0, Math.floor((now - at) / DAY_MS))),
    })),
    unwanted: names(memory.unwanted),
    later: names(memory.later.filter(({ at }) => at > now)),
  };
}

export function readMemory(now: number): Memory {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    if (typeof found !== 'object' || found === null || !('on' in found) || found.on !== true) return NOTHING;
    const list = (name: string): Remembered[] => {
      const value = (found as Record<string, unknown>)[name];
      return Array.isArray(value) ? value.filter(isRemembered) : [];
    };
    const fresh = (one: Remembered) => one.at > now - KEPT_DAYS * DAY_MS;
    return {
      on: true,
      seen: list('seen').filter(fresh),
      unwanted: list('unwanted').filter(fresh),
      later: list('later').filter(({ at }) => at > now),
    };
  } catch {
    return NOTHING; // storage is closed, or holds what somebody else wrote
  }
}

function isRemembered(value: unknown): value is Remembered {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, id, title, at } = value as Record<string, unknown>;
  return (
    typeof kind === 'string' && typeof id === 'string' && typeof title === 'string' && typeof at === 'number'
  );
}

/** Switched off is deleted: nothing stays behind. */
export function writeMemory(memory: Memory): void {
  kept(localStorage, KEY, memory.on ? JSON.stringify(memory) : null);
}

/** The size of letters before somebody chose the simple pages; empty while they have not. */
export function sizeBeforeSimple(): string {
  return read(localStorage, SIMPLE_KEY);
}

export function keepSimple(sizeBefore: string | null): void {
  kept(localStorage, SIMPLE_KEY, sizeBefore);
}

/** The code of somebody's own page of notices, while the tab is open that they came from it with. */
export function noticesCode(): string {
  return read(sessionStorage, NOTICES_KEY);
}

export function keepNoticesCode(code: string | null): void {
  kept(sessionStorage, NOTICES_KEY, code);
}

/** Ticks of a checklist. */
export function ticked(event: string): readonly string[] {
  const found = read(localStorage, `genba.errands.${event}`);
  return found ? found.split(' ') : [];
}

export function keepTicked(event: string, ids: readonly string[]): void {
  kept(localStorage, `genba.errands.${event}`, ids.length > 0 ? ids.join(' ') : null);
}

function read(storage: Storage, key: string): string {
  try {
    return storage.getItem(key) ?? '';
  } catch {
    return '';
  }
}

function kept(storage: Storage, key: string, value: string | null): void {
  try {
    if (value === null) storage.removeItem(key);
    else storage.setItem(key, value);
  } catch {
    // storage is closed in some private windows: it lasts as long as the page
  }
}
