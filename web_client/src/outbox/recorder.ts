/** The edge of a voice note: one recording with the microphone, in the speech codec this browser writes, stopped cleanly. */
import { MAX_VOICE_S } from './queue';

/** Best first; the server takes these three. */
const TYPES = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'];
const SPEECH_BPS = 20_000;

export interface Recording {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly duration_ms: number;
}

export interface Recorder {
  /** Ends it; answers the same recording however often it is asked. */
  stop(): Promise<Recording>;
  /** Throws it away. */
  cancel(): void;
  /** Resolves when it ends by whatever way: the button, ten minutes, a microphone that was unplugged. */
  readonly ended: Promise<Recording>;
}

/** Begins at once; rejects like `getUserMedia` does. */
export async function record(): Promise<Recorder> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
  });
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? '';
  const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: SPEECH_BPS });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const begun = performance.now();
  const ended = new Promise<Recording>((resolve) => {
    recorder.onstop = async () => {
      const duration_ms = performance.now() - begun;
      for (const track of stream.getTracks()) track.stop();
      clearTimeout(longest);
      resolve({ content: new Uint8Array(await new Blob(parts).arrayBuffer()), duration_ms });
    };
  });
  const end = () => {
    if (recorder.state !== 'inactive') recorder.stop();
  };
  const longest = setTimeout(end, MAX_VOICE_S * 1000);
  recorder.start(1_000);
  return {
    ended,
    stop: () => {
      end();
      return ended;
    },
    cancel: end,
  };
}
