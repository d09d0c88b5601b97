/** The edge of 画面を止めて書く: the frame that is shown becomes a still, and as soon as the server has it, what all look at. */
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

/** Puts a still before the call once it has left this device; false when that took too long or it was refused. */
export async function presentWhenThere(
  view: View,
  account: string,
  id: string,
  within_ms: number,
): Promise<boolean> {
  const outbox = outboxOf(account);
  const isThere = await new Promise<boolean>((resolve) => {
    const answer = (value: boolean) => {
      clearTimeout(timer);
      stop();
      resolve(value);
    };
    const look = () => {
      const items = outbox.snapshot();
      const item = items?.find((each) => each.id === id);
      if (item?.progress.at === 'refused') answer(false);
      else if (items && !item) answer(true);
    };
    const timer = setTimeout(() => answer(false), within_ms);
    const stop = outbox.subscribe(look);
    look();
  });
  if (isThere) await view.present(`still:${id}`);
  return isThere;
}

function largestVideo(): HTMLVideoElement | undefined {
  const all = [...document.querySelectorAll<HTMLVideoElement>('video[data-picture]')];
  const shown = all.filter(({ videoWidth, dataset }) => videoWidth > 0 && dataset.picture?.includes(' '));
  return shown.sort((one, other) => area(other) - area(one))[0];
}

const area = ({ clientWidth, clientHeight }: HTMLVideoElement): number => clientWidth * clientHeight;
