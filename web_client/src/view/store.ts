/** A value that is watched: what an edge keeps and a screen draws. */
import { useCallback, useSyncExternalStore } from 'react';

export class Store<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  readonly get = (): T => this.#value;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  set(value: T): void {
    if (value === this.#value) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** A part of what a store holds: the screen is drawn anew when that part is another, not when any is. */
export function usePart<T, P>(store: Store<T>, part: (value: T) => P): P {
  const get = useCallback(() => part(store.get()), [store, part]);
  return useSyncExternalStore(store.subscribe, get);
}
