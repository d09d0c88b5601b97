/** A running picture in a <video>: muted, inline, attached to whatever gives the frames (a LiveKit track or a stream). */
import { useEffect, useRef } from 'react';
import { classes } from './classes';

/** What a LiveKit track is here; structural, so that the design system knows nothing of LiveKit. */
export interface PictureSource {
  attach(element: HTMLMediaElement): unknown;
  detach(element: HTMLMediaElement): unknown;
}

/** A camera of this page before a call, as a picture source. */
export function streamSource(stream: MediaStream): PictureSource {
  return {
    attach: (element) => {
      element.srcObject = stream;
    },
    detach: (element) => {
      element.srcObject = null;
    },
  };
}

export function LiveVideo({
  source,
  fit = 'cover',
  mirrored = false,
  name,
  onShape,
}: {
  source: PictureSource;
  fit?: 'contain' | 'cover';
  mirrored?: boolean;
  /** Names the element for tests and people who inspect; it is not spoken. */
  name: string;
  /** Width by height as soon as known and whenever it changes, for example when a phone is turned. */
  onShape?: (proportion: number) => void;
}) {
  const video = useRef<HTMLVideoElement>(null);

  useEffect(() => {
    const element = video.current;
    if (!element) return;
    source.attach(element);
    return () => {
      source.detach(element);
    };
  }, [source]);

  const measure = () => {
    const element = video.current;
    if (element && element.videoHeight > 0) onShape?.(element.videoWidth / element.videoHeight);
  };
  return (
    <video
      ref={video}
      muted
      playsInline
      autoPlay
      data-picture={name}
      onLoadedMetadata={measure}
      onResize={measure}
      className={classes(
        'size-full bg-stage',
        fit === 'contain' ? 'object-contain' : 'object-cover',
        mirrored && '-scale-x-100',
      )}
    />
  );
}

/** A still in the place of a running picture. */
export function StillPicture({
  url,
  fit,
  name,
  words,
}: {
  url: string;
  fit: 'contain' | 'cover';
  /** Names the element like a running picture's. */
  name: string;
  words: string;
}) {
  return (
    <img
      src={url}
      alt={words}
      data-picture={name}
      className={classes('size-full bg-stage', fit === 'contain' ? 'object-contain' : 'object-cover')}
    />
  );
}
