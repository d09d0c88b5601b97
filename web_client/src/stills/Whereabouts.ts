/** The edge of where a picture is taken: position with its accuracy and the direction the device looks, while it is watched. */
import { Store } from '../view/store';
import type { Position } from './manifest';

/** iOS names the direction itself; elsewhere it follows from the turn about the vertical. */
interface Turned extends Event {
  readonly alpha: number | null;
  readonly absolute: boolean;
  readonly webkitCompassHeading?: number;
}

export interface Here {
  readonly position: Position | null;
  readonly heading: number | null;
  /** Why there is no position: still looking, not allowed, or not known. */
  readonly state: 'looking' | 'known' | 'refused' | 'unknown';
}

const NOWHERE: Here = { position: null, heading: null, state: 'looking' };
/** Older than this a position is no longer that of the picture. */
const STALE_MS = 60_000;

export class Whereabouts {
  readonly #here = new Store(NOWHERE);
  #at = 0;
  #watch: number | null = null;

  readonly subscribe = (listener: () => void): (() => void) => {
    const isFirst = !this.#here.isWatched;
    const stop = this.#here.subscribe(listener);
    if (isFirst) this.#begin();
    return () => {
      stop();
      if (!this.#here.isWatched) this.#end();
    };
  };

  readonly snapshot = this.#here.get;

  /** For a picture that is taken now. */
  now(): Pick<Here, 'position' | 'heading'> {
    const isFresh = performance.now() - this.#at < STALE_MS;
    const { position, heading } = this.#here.get();
    return { position: isFresh ? position : null, heading };
  }

  #begin(): void {
    window.addEventListener('deviceorientationabsolute', this.#turned as EventListener);
    window.addEventListener('deviceorientation', this.#turned as EventListener);
    if (!navigator.geolocation) {
      this.#change({ state: 'unknown' });
      return;
    }
    this.#watch = navigator.geolocation.watchPosition(
      ({ coords }) => {
        this.#at = performance.now();
        const { latitude, longitude, accuracy } = coords;
        this.#change({ position: { latitude, longitude, accuracy }, state: 'known' });
      },
      ({ code }) => this.#change({ state: code === 1 ? 'refused' : 'unknown' }),
      { enableHighAccuracy: true, maximumAge: 10_000, timeout: 20_000 },
    );
  }

  #end(): void {
    window.removeEventListener('deviceorientationabsolute', this.#turned as EventListener);
    window.removeEventListener('deviceorientation', this.#turned as EventListener);
    if (this.#watch !== null) navigator.geolocation.clearWatch(this.#watch);
    this.#watch = null;
    this.#here.set(NOWHERE);
  }

  /** Told many times a second: only whole degrees are news. */
  readonly #turned = ({ alpha, absolute, webkitCompassHeading }: Turned): void => {
    const held = window.screen?.orientation?.angle ?? 0;
    const heading = webkitCompassHeading ?? (absolute && alpha !== null ? (360 - alpha + held) % 360 : null);
    if (heading === null || Math.round(heading) === Math.round(this.#here.get().heading ?? -1)) return;
    this.#change({ heading });
  };

  #change(part: Partial<Here>): void {
    this.#here.set({ ...this.#here.get(), ...part });
  }
}

/** One for the page. */
export const whereabouts = new Whereabouts();
