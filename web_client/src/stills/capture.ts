/**
 * The edge of a photograph: as many pixels as the camera has, while its live picture goes on. A browser with ImageCapture
 * takes a photograph beside the video; where that is smaller than the camera can, or not there, the video is raised to the
 * camera's largest for one frame and put back; at the worst the frame that is shown is kept. Sound is another track and
 * notices nothing.
 */
import type { Shot, Way } from './manifest';

/** MediaStream Image Capture section 5, as far as it is used; the DOM types know nothing of it. */
interface Photographer {
  getPhotoCapabilities(): Promise<{ imageWidth?: { max: number }; imageHeight?: { max: number } }>;
  takePhoto(settings?: { imageWidth?: number; imageHeight?: number }): Promise<Blob>;
}
type PhotographerOf = new (track: MediaStreamTrack) => Photographer;

interface Size {
  readonly width: number;
  readonly height: number;
}

const PHOTO_WITHIN_MS = 6_000;
const RAISED_WITHIN_MS = 3_000;
const JPEG_QUALITY = 0.95;

/** A running camera at its best; rejects when it gives nothing. */
export async function photograph(track: MediaStreamTrack): Promise<Shot> {
  const limits = largest(track);
  const photo = await takePhoto(track).catch(() => null);
  if (photo && area(photo) >= area(limits)) return describe(photo, 'photo', track, limits);
  const now = sizeNow(track);
  const raised = area(limits) > area(now) ? await raisedFrame(track, limits).catch(() => null) : null;
  if (raised && area(raised) > area(photo ?? now)) return describe(raised, 'frame', track, limits);
  if (photo) return describe(photo, 'photo', track, limits);
  return describe(await frameOf(await showing(track)), 'canvas', track, limits);
}

/** What a video on the page shows at this moment. */
export async function keepFrame(video: HTMLVideoElement): Promise<Shot> {
  const frame = await frameOf(video);
  return { ...(await readable(frame)), way: 'canvas', label: '', max_width: 0, max_height: 0 };
}

interface Taken extends Size {
  readonly blob: Blob;
}

const area = ({ width, height }: Size): number => width * height;

function sizeNow(track: MediaStreamTrack): Size {
  const { width = 0, height = 0 } = track.getSettings();
  return { width, height };
}

function largest(track: MediaStreamTrack): Size {
  const able = track.getCapabilities?.();
  return { width: able?.width?.max ?? 0, height: able?.height?.max ?? 0 };
}

async function takePhoto(track: MediaStreamTrack): Promise<Taken | null> {
  const Camera = (window as { ImageCapture?: PhotographerOf }).ImageCapture;
  if (Camera === undefined) return null;
  const camera = new Camera(track);
  const able = await inTime(camera.getPhotoCapabilities(), PHOTO_WITHIN_MS);
  const [width, height] = [able.imageWidth?.max, able.imageHeight?.max];
  const wish = width && height ? { imageWidth: width, imageHeight: height } : {};
  const blob = await inTime(
    camera.takePhoto(wish).catch(() => camera.takePhoto()),
    PHOTO_WITHIN_MS,
  );
  return { blob, ...(await sizeOf(blob)) };
}

/**
 * One frame at the camera's largest; whatever happens, the video is as it was afterwards. Chromium heeds nothing beside a
 * tool's constraint (`advanced`: lamp, zoom), and keeps the tool as it is when it is asked for a size alone.
 */
async function raisedFrame(track: MediaStreamTrack, limits: Size): Promise<Taken> {
  const { advanced: tools, ...before } = track.getConstraints();
  const { width: across, height: down } = sizeNow(track);
  const video = await showing(track);
  const shown = video.videoWidth;
  try {
    await track.applyConstraints({
      ...before,
      width: { ideal: limits.width },
      height: { ideal: limits.height },
    });
    // A camera that another window has open too stays as that one has it, and the wish is granted all the same.
    if (area(sizeNow(track)) <= across * down) throw new Error('not raised');
    await inTime(larger(video, shown), RAISED_WITHIN_MS).catch(() => undefined);
    return await frameOf(video);
  } finally {
    video.srcObject = null;
    const size = { ...(across && { width: { ideal: across } }), ...(down && { height: { ideal: down } }) };
    await track.applyConstraints({ ...before, ...size }).catch(() => undefined);
    if (tools) await track.applyConstraints({ advanced: tools }).catch(() => undefined);
  }
}

/** Resolves at the first frame that is wider. */
function larger(video: HTMLVideoElement, than: number): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (video.videoWidth > than) resolve();
      else if (video.srcObject) video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
  });
}

async function showing(track: MediaStreamTrack): Promise<HTMLVideoElement> {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  await inTime(video.play(), RAISED_WITHIN_MS);
  return video;
}

async function frameOf(video: HTMLVideoElement): Promise<Taken> {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  if (canvas.width === 0) throw new Error('no picture yet');
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, 'image/jpeg', JPEG_QUALITY),
  );
  if (blob === null) throw new Error('no picture');
  return { blob, width: canvas.width, height: canvas.height };
}

async function describe(taken: Taken, way: Way, track: MediaStreamTrack, limits: Size): Promise<Shot> {
  return {
    ...(await readable(taken)),
    way,
    label: track.label,
    max_width: limits.width,
    max_height: limits.height,
  };
}

type Readable = Pick<Shot, 'bytes' | 'media_type' | 'width' | 'height'>;

/** The kinds of file the server takes; anything else a camera may write is drawn anew. */
async function readable({ blob, width, height }: Taken): Promise<Readable> {
  const { type } = blob;
  if (type !== 'image/jpeg' && type !== 'image/png' && type !== 'image/webp') {
    const picture = await createImageBitmap(blob);
    const canvas = document.createElement('canvas');
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext('2d')?.drawImage(picture, 0, 0);
    picture.close();
    const drawn = await new Promise<Blob | null>((resolve) =>
      canvas.toBlob(resolve, 'image/jpeg', JPEG_QUALITY),
    );
    if (drawn?.type !== 'image/jpeg') throw new Error('no picture');
    return readable({ blob: drawn, width, height });
  }
  return { bytes: new Uint8Array(await blob.arrayBuffer()), media_type: type, width, height };
}

/** Upright, as a browser shows it. */
async function sizeOf(blob: Blob): Promise<Size> {
  const picture = await createImageBitmap(blob);
  const size = { width: picture.width, height: picture.height };
  picture.close();
  return size;
}

function inTime<T>(wait: Promise<T>, within_ms: number): Promise<T> {
  return Promise.race([
    wait,
    new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('too late')), within_ms);
    }),
  ]);
}
