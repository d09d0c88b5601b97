/**
 * The edge of sharp stills: takes one frame of a running camera at its own resolution and sends it in small pieces over
 * the data channel, paced so that the voice is never behind a picture. One still is out before the next is begun.
 */
import type { Room } from 'livekit-client';
import { STILL_TOPIC } from './others';
import { PIECE_BYTES, pieceGap_ms, type StillPlan } from './stillPlan';

const WIDEST = 1280;
const NARROWER = 960;
const QUALITIES = [0.8, 0.65, 0.5, 0.38, 0.28, 0.2];
const FRAME_WITHIN_MS = 3_000;

/** Shows a camera to itself, unseen, so that a frame can be taken at any time. */
export class StillCamera {
  readonly #video = document.createElement('video');
  #track: MediaStreamTrack | null = null;
  #start = 0;

  /** A frame of `track` in at most `limit_bytes` if that can be reached at all; null while there is no frame. */
  async take(track: MediaStreamTrack, limit_bytes: number): Promise<Blob | null> {
    await this.#look(track);
    const { videoWidth, videoHeight } = this.#video;
    if (videoWidth === 0) return null;
    for (const widest of [WIDEST, NARROWER]) {
      const width = Math.min(widest, videoWidth);
      const canvas = document.createElement('canvas');
      canvas.width = width;
      canvas.height = Math.round((videoHeight * width) / videoWidth);
      canvas.getContext('2d')?.drawImage(this.#video, 0, 0, canvas.width, canvas.height);
      const picture = await this.#fit(canvas, limit_bytes, widest === NARROWER);
      if (picture) return picture;
    }
    return null;
  }

  close(): void {
    this.#video.srcObject = null;
    this.#track = null;
  }

  /** The best quality that fits; what fitted last time is tried first, since scenes change slowly. */
  async #fit(canvas: HTMLCanvasElement, limit_bytes: number, isLast: boolean): Promise<Blob | null> {
    for (let at = Math.max(0, this.#start - 1); at < QUALITIES.length; at += 1) {
      const picture = await encode(canvas, QUALITIES[at] ?? 0.2);
      const isSmallest = isLast && at === QUALITIES.length - 1;
      if (picture && (picture.size <= limit_bytes || isSmallest)) {
        this.#start = at;
        return picture;
      }
    }
    return null;
  }

  async #look(track: MediaStreamTrack): Promise<void> {
    if (this.#track === track) return;
    this.#track = track;
    this.#video.muted = true;
    this.#video.playsInline = true;
    this.#video.srcObject = new MediaStream([track]);
    await Promise.race([
      this.#video.play().catch(() => undefined),
      new Promise((done) => setTimeout(done, FRAME_WITHIN_MS)),
    ]);
  }
}

/** WebP where the browser writes it; one that does not would answer with a PNG ten times the size. */
async function encode(canvas: HTMLCanvasElement, quality: number): Promise<Blob | null> {
  const as = (type: string) => new Promise<Blob | null>((done) => canvas.toBlob(done, type, quality));
  const picture = await as('image/webp');
  return picture?.type === 'image/webp' ? picture : as('image/jpeg');
}

/** Sends one still; `plan` is asked again before each piece, `stopped` ends it early. Answers whether all of it went. */
export async function sendStill(
  room: Room,
  still: Blob,
  plan: () => StillPlan,
  stopped: AbortSignal,
): Promise<boolean> {
  const bytes = new Uint8Array(await still.arrayBuffer());
  const writer = await room.localParticipant.streamBytes({
    name: 'still',
    topic: STILL_TOPIC,
    mimeType: still.type,
    totalSize: bytes.length,
  });
  let due = performance.now();
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    if (stopped.aborted) break;
    await writer.write(bytes.slice(at, at + PIECE_BYTES));
    // Late is late: what a full channel held up is not caught up with in a burst.
    due = Math.max(due, performance.now() - 200) + pieceGap_ms(plan().rate_bps);
    await new Promise((done) => setTimeout(done, Math.max(0, due - performance.now())));
  }
  await writer.close();
  return !stopped.aborted;
}
