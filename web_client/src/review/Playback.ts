/**
 * Plays the tracks of a recording as they were: one clock for all, each voice in an element of its own, one picture at a time.
 * Tracks come in spans of a minute, fetched ahead; where one is not there yet the clock waits for it, so that nothing that was
 * said is passed over.
 */
import { Store } from '../view/store';

export interface PlayableTrack {
  readonly id: string;
  readonly identity: string;
  readonly kind: 'audio' | 'video';
  readonly start_ms: number;
  readonly end_ms: number;
  /** A picture can begin here. */
  readonly key_frames_ms: readonly number[];
}

/** A span of a track as media; its beginning is at `start_ms` of the call. */
export interface Piece {
  readonly url: string;
  readonly start_ms: number;
}

export interface Playing {
  readonly at_ms: number;
  readonly isPlaying: boolean;
  readonly isWaiting: boolean;
  readonly hasFailed: boolean;
  readonly rate: number;
  /** Whose picture is shown; null where there is none now. */
  readonly picture: string | null;
}

export const SPAN_MS = 60_000;
const AHEAD_MS = 15_000;
/** Spans that are held at once: a minute of picture may be 15 MB. */
const MOST_PIECES = 16;
const DRIFT_S = 0.15;
const TICK_MS = 100;

/**
 * Which span of a track has a moment: of a voice the minute it is in, of a picture what begins at the first key frame of
 * that minute, or of one before it, and lasts until the first of a later minute.
 */
export function spanAt(track: PlayableTrack, at_ms: number): { from_ms: number; to_ms: number } {
  const minute = (each: number) => Math.floor(each / SPAN_MS);
  if (track.kind === 'audio')
    return { from_ms: minute(at_ms) * SPAN_MS, to_ms: (minute(at_ms) + 1) * SPAN_MS };
  const starts = track.key_frames_ms.filter(
    (each, index, all) => index === 0 || minute(each) !== minute(all[index - 1] ?? 0),
  );
  return {
    from_ms: starts.findLast((each) => each <= at_ms) ?? starts[0] ?? track.start_ms,
    to_ms: starts.find((each) => each > at_ms) ?? track.end_ms,
  };
}

type Load = (track: PlayableTrack, from_ms: number, to_ms: number) => Promise<Piece | null>;
type Held = { at: 'loading' } | { at: 'ready'; piece: Piece | null } | { at: 'failed' };

export class Playback {
  readonly state: Store<Playing>;
  /** Asked at every tick while it plays: where to go instead, or null to go on. */
  skip: (at_ms: number) => number | null = () => null;
  readonly #tracks: readonly PlayableTrack[];
  readonly #length_ms: number;
  readonly #load: Load;
  readonly #pieces = new Map<string, Held>();
  readonly #voices = new Map<string, HTMLAudioElement>();
  #picture: HTMLVideoElement | null = null;
  #wanted: string | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #ticked = 0;

  constructor(tracks: readonly PlayableTrack[], length_ms: number, load: Load) {
    this.#tracks = tracks;
    this.#length_ms = length_ms;
    this.#load = load;
    this.state = new Store<Playing>({
      at_ms: 0,
      isPlaying: false,
      isWaiting: false,
      hasFailed: false,
      rate: 1,
      picture: null,
    });
  }

  /** Where the picture is drawn. */
  readonly drawIn = (element: HTMLVideoElement | null): void => {
    this.#picture = element;
    if (element) this.#follow();
  };

  /** Whose picture is preferred from now on. */
  prefer(identity: string | null): void {
    this.#wanted = identity;
    this.#follow();
  }

  readonly play = (): void => {
    const { at_ms } = this.state.get();
    this.#set({ isPlaying: true, hasFailed: false, at_ms: at_ms >= this.#length_ms ? 0 : at_ms });
    for (const [key, held] of this.#pieces) if (held.at === 'failed') this.#pieces.delete(key); // asked again
    clearInterval(this.#timer);
    this.#ticked = performance.now();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#follow();
  };

  readonly pause = (): void => {
    clearInterval(this.#timer);
    this.#set({ isPlaying: false, isWaiting: false });
    this.#follow();
  };

  readonly seek = (at_ms: number): void => {
    this.#set({ at_ms: Math.min(Math.max(0, at_ms), this.#length_ms) });
    this.#follow();
  };

  setRate(rate: number): void {
    this.#set({ rate });
    this.#follow();
  }

  close(): void {
    clearInterval(this.#timer);
    for (const voice of this.#voices.values()) voice.pause();
    this.#picture?.pause();
    for (const held of this.#pieces.values())
      if (held.at === 'ready' && held.piece) URL.revokeObjectURL(held.piece.url);
    this.#pieces.clear();
  }

  #tick(): void {
    const now = performance.now();
    const passed = now - this.#ticked;
    this.#ticked = now;
    const { at_ms, rate } = this.state.get();
    if (!this.#isThere(at_ms)) {
      this.#set({ isWaiting: true });
      this.#follow();
      return;
    }
    const next = this.skip(at_ms) ?? at_ms + passed * rate;
    this.#set({ isWaiting: false, at_ms: Math.min(next, this.#length_ms) });
    if (next >= this.#length_ms) this.pause();
    else this.#follow();
  }

  #active(at_ms: number): readonly PlayableTrack[] {
    return this.#tracks.filter(({ start_ms, end_ms }) => start_ms <= at_ms && at_ms < end_ms);
  }

  /** All that sounds now, and the picture that is shown. */
  #heard(at_ms: number): readonly PlayableTrack[] {
    const active = this.#active(at_ms);
    const pictures = active.filter(({ kind }) => kind === 'video');
    const shown = pictures.find(({ identity }) => identity === this.#wanted) ?? pictures[0];
    return [...active.filter(({ kind }) => kind === 'audio'), ...(shown ? [shown] : [])];
  }

  /** Whether nothing has to be waited for; a span that failed is passed over, and said. */
  #isThere(at_ms: number): boolean {
    const helds = this.#heard(at_ms).map((track) => this.#held(track, at_ms));
    if (helds.some(({ at }) => at === 'failed')) this.#set({ hasFailed: true });
    return helds.every(({ at }) => at !== 'loading');
  }

  #held(track: PlayableTrack, at_ms: number): Held {
    const { from_ms, to_ms } = spanAt(track, at_ms);
    const key = `${track.id} ${from_ms}`;
    const known = this.#pieces.get(key);
    if (known) return known;
    const loading: Held = { at: 'loading' };
    this.#pieces.set(key, loading);
    this.#forgetOldest();
    this.#load(track, from_ms, to_ms)
      .then(
        (piece) => this.#pieces.set(key, { at: 'ready', piece }),
        () => this.#pieces.set(key, { at: 'failed' }),
      )
      .then(() => this.#follow());
    return loading;
  }

  /** What was asked for longest ago goes first; what plays now is asked for again when it is missing. */
  #forgetOldest(): void {
    const inUse = new Set([...this.#voices.values(), this.#picture].map((element) => element?.src));
    for (const [key, held] of this.#pieces) {
      if (this.#pieces.size <= MOST_PIECES) return;
      if (held.at !== 'ready' || (held.piece && inUse.has(held.piece.url))) continue;
      if (held.piece) URL.revokeObjectURL(held.piece.url);
      this.#pieces.delete(key);
    }
  }

  /** Elements do what the clock says: the right piece, the right moment, playing or not. */
  #follow(): void {
    const { at_ms, isPlaying, isWaiting } = this.state.get();
    const heard = this.#heard(at_ms);
    const picture = heard.find(({ kind }) => kind === 'video');
    this.#set({ picture: picture?.identity ?? null });
    for (const track of heard) {
      const held = this.#held(track, at_ms);
      const element = track.kind === 'video' ? this.#picture : this.#voice(track);
      if (held.at === 'ready' && held.piece && element)
        this.#align(element, held.piece, at_ms, isPlaying && !isWaiting);
    }
    for (const [id, voice] of this.#voices) if (!heard.some((track) => track.id === id)) voice.pause();
    if (isPlaying) for (const track of this.#heard(at_ms + AHEAD_MS)) this.#held(track, at_ms + AHEAD_MS);
  }

  #voice(track: PlayableTrack): HTMLAudioElement {
    const known = this.#voices.get(track.id);
    if (known) return known;
    const made = new Audio();
    this.#voices.set(track.id, made);
    return made;
  }

  #align(element: HTMLMediaElement, piece: Piece, at_ms: number, isPlaying: boolean): void {
    if (element.src !== piece.url) element.src = piece.url;
    const wanted = (at_ms - piece.start_ms) / 1000;
    if (Math.abs(element.currentTime - wanted) > DRIFT_S) element.currentTime = Math.max(0, wanted);
    element.playbackRate = this.state.get().rate;
    if (isPlaying && element.paused) void element.play().catch(() => undefined); // the next tick tries again
    if (!isPlaying && !element.paused) element.pause();
  }

  #set(part: Partial<Playing>): void {
    const before = this.state.get();
    const next = { ...before, ...part };
    const isSame = (Object.keys(next) as (keyof Playing)[]).every((key) => next[key] === before[key]);
    if (!isSame) this.state.set(next);
  }
}
