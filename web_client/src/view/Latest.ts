/**
 * Says one thing after another to the server, never two at once; of what was said meanwhile, or before it had settled, only
 * the last counts.
 */
import { ApiError } from '../api';

const AGAIN_MS = 2_000;

export class Latest<T> {
  readonly #say: (value: T) => Promise<void>;
  readonly #settle_ms: number;
  #next: { readonly value: T } | null = null;
  #isBusy = false;

  constructor(say: (value: T) => Promise<void>, settle_ms: number) {
    this.#say = say;
    this.#settle_ms = settle_ms;
  }

  say(value: T): void {
    this.#next = { value };
    if (!this.#isBusy) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    while (this.#next !== null) {
      await pause(this.#settle_ms);
      const { value } = this.#next;
      this.#next = null;
      try {
        await this.#say(value);
      } catch (error) {
        if (!isPassing(error)) continue;
        await pause(AGAIN_MS);
        this.#next ??= { value };
      }
    }
    this.#isBusy = false;
  }
}

const pause = (for_ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, for_ms));

/** Whether the same request may succeed later: no line, too often, a server that starts anew. */
export function isPassing(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500);
}
