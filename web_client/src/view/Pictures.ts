/**
 * Pictures of pages, in memory and nowhere else (R39): fetched with permission, a few kept, forgotten with the call. The
 * pages before and after are fetched ahead, so that a turn shows at once.
 */
import { getFile } from '../api';
import { Store } from './store';

const KEPT = 48;

export type Picture =
  | { readonly at: 'loading' }
  | { readonly at: 'failed' }
  | { readonly at: 'ready'; readonly url: string };

const LOADING: Picture = { at: 'loading' };

export class Pictures {
  readonly #callId: string;
  readonly #known = new Map<string, Store<Picture>>();

  constructor(callId: string) {
    this.#callId = callId;
  }

  /** The picture of a surface at least so wide (pixels), on its way if it is not here. */
  of(surface: string, width: number): Store<Picture> {
    const name = `${width} ${surface}`;
    const known = this.#known.get(name);
    if (known && known.get().at !== 'failed') {
      this.#known.delete(name); // the last used is the last forgotten
      this.#known.set(name, known);
      return known;
    }
    const store = known ?? new Store<Picture>(LOADING);
    store.set(LOADING);
    this.#known.set(name, store);
    void this.#bring(store, surface, width);
    this.#forgetOldest();
    return store;
  }

  close(): void {
    for (const store of this.#known.values()) revoke(store);
    this.#known.clear();
  }

  async #bring(store: Store<Picture>, key: string, width: number): Promise<void> {
    try {
      const path = { call_id: this.#callId, key };
      const file = await getFile('/calls/{call_id}/surfaces/{key}/image', { path, query: { width } });
      const url = URL.createObjectURL(await file.blob());
      await decoded(url);
      store.set({ at: 'ready', url });
    } catch {
      store.set({ at: 'failed' });
    }
  }

  #forgetOldest(): void {
    for (const [name, store] of this.#known) {
      if (this.#known.size <= KEPT) return;
      if (store.isWatched) continue;
      revoke(store);
      this.#known.delete(name);
    }
  }
}

/** A picture is unpacked before it is shown, not while a page turns; where that fails, showing it is tried all the same. */
async function decoded(url: string): Promise<void> {
  const image = new Image();
  image.src = url;
  await image.decode().catch(() => undefined);
}

function revoke(store: Store<Picture>): void {
  const picture = store.get();
  if (picture.at === 'ready') URL.revokeObjectURL(picture.url);
}
