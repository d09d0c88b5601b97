/** The edge of 画面を止めて書く: the frame that is shown becomes a still, and as soon as the server has it, what all look at. */
import { ApiError, get } from '../api';
import { outboxOf } from '../outbox/Outbox';
import type { View } from '../view/View';
import { keepFrame } from './capture';
import type { Shot } from './manifest';

export interface Frozen {
  readonly shot: Shot;
  /** Whose camera or screen. */
  readonly identity: string;
  readonly url: string;
}

/** What is shown large at this moment. Rejects while there is no picture. */
export async function freeze(): Promise<Frozen> {
  const video = largestVideo();
  const identity = video?.dataset.picture?.split(' ')[0];
  if (!video || !identity) throw new Error('no picture');
  const shot = await keepFrame(video);
  return { shot, identity, url: URL.createObjectURL(new Blob([shot.bytes], { type: shot.media_type })) };
}

const LOOK_EVERY_MS = 500;

/** Puts a still before the call once it has arrived; false when it did not in time or was refused. */
export async function presentWhenThere(
  view: View,
  account: string,
  id: string,
  within_ms: number,
): Promise<boolean> {
  const until = performance.now() + within_ms;
  const stop = outboxOf(account).subscribe(() => undefined); // it is sent while somebody looks
  try {
    while (performance.now() < until) {
      const there = await get('/stills/{still_id}', { path: { still_id: id } }).then(
        () => true,
        (error) =>
          !(error instanceof ApiError) || (error.status !== 404 && error.status !== 0 ? null : false),
      );
      if (there === null) return false;
      if (there) {
        await view.present(`still:${id}`);
        return true;
      }
      await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
    }
    return false;
  } finally {
    stop();
  }
}

function largestVideo(): HTMLVideoElement | undefined {
  const all = [...document.querySelectorAll<HTMLVideoElement>('video[data-picture]')];
  const shown = all.filter(({ videoWidth, dataset }) => videoWidth > 0 && dataset.picture?.includes(' '));
  return shown.sort((one, other) => area(other) - area(one))[0];
}

const area = ({ clientWidth, clientHeight }: HTMLVideoElement): number => clientWidth * clientHeight;
