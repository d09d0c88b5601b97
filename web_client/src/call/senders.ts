/** What our tracks send on each rung of the ladder, set to the SDK only where it is not so already. */
import { type LocalTrack, LocalVideoTrack, VideoQuality } from 'livekit-client';
import type { Rung } from './ladder';

const FEWER_FRAMES = 8;
const MOST_FRAMES = 30;
/** Frames per second and layer before they were made fewer. */
const FRAMES = new WeakMap<RTCRtpSender, readonly number[]>();
const VOICE_BPS = 24_000;
const FRUGAL_BPS = 16_000;

/** The senders of one call. */
export class Senders {
  /** What each was last set to: asking it what it does stops the page until the media threads answer. */
  #settled = new Map<RTCRtpSender, string>();

  /** Something else may have set them, or they are others: all are looked at again. */
  forget(): void {
    this.#settled = new Map();
  }

  /** Sets a track to a rung; what does not work is left for the next time. `isPlain`: a frugal voice is sent once only. */
  async set(
    track: LocalTrack,
    rung: Rung,
    wanted: VideoQuality | undefined,
    isPlain: boolean,
  ): Promise<void> {
    const isFrugal = rung !== 'high' && rung !== 'standard';
    if (!(track instanceof LocalVideoTrack)) {
      await this.#once(track, `${isFrugal} ${isFrugal && isPlain}`, async (sender) => {
        await speak(sender, isFrugal ? FRUGAL_BPS : VOICE_BPS);
        await sayOnce(sender, isFrugal && isPlain);
      });
    } else if (isFrugal) await stopPicture(track).catch(() => undefined);
    else await this.#once(track, rung, () => showPicture(track, rung === 'standard', wanted));
  }

  async #once(track: LocalTrack, to: string, set: (sender: RTCRtpSender) => Promise<void>): Promise<void> {
    const { sender } = track;
    const settled = this.#settled; // another one when they are forgotten meanwhile
    if (!sender || (settled.get(sender) === to && !track.isUpstreamPaused)) return; // none between two sessions
    settled.delete(sender);
    await set(sender).then(
      () => settled.set(sender, to),
      () => undefined,
    );
  }
}

/** Nothing of camera and screen but what stills take. */
async function stopPicture(track: LocalVideoTrack): Promise<void> {
  if (!track.sender) return; // between two sessions; published again, it is looked at again
  if (!track.isUpstreamPaused) await track.pauseUpstream();
  // Switching the camera on meanwhile puts its track back.
  else if (track.sender.track) await track.sender.replaceTrack(null);
}

/** Camera and screen on a rung: all layers, or the low ones with few frames. */
async function showPicture(
  track: LocalVideoTrack,
  isLow: boolean,
  wanted: VideoQuality = VideoQuality.HIGH,
): Promise<void> {
  if (track.isUpstreamPaused) await track.resumeUpstream();
  const { sender } = track;
  if (!sender) return;
  const parameters = sender.getParameters();
  const { encodings } = parameters;
  const isCapped = encodings.slice(1).every(({ active }) => active === false);
  if (isLow !== isCapped && encodings.length > 1)
    track.setPublishingQuality(isLow ? VideoQuality.LOW : wanted);
  const before = FRAMES.get(sender);
  if (isLow === (before !== undefined)) return;
  if (before) FRAMES.delete(sender);
  else
    FRAMES.set(
      sender,
      encodings.map(({ maxFramerate }) => maxFramerate ?? MOST_FRAMES),
    );
  encodings.forEach((encoding, layer) => {
    encoding.maxFramerate = before ? (before[layer] ?? MOST_FRAMES) : FEWER_FRAMES;
  });
  await sender.setParameters(parameters);
}

/** Speech needs no more than 24 kbps; on the low rungs it takes less and, where the browser can, longer packets. */
async function speak(sender: RTCRtpSender, bps: number): Promise<void> {
  const parameters = sender.getParameters();
  const encoding: (RTCRtpEncodingParameters & { adaptivePtime?: boolean }) | undefined =
    parameters.encodings[0]; // webrtc-extensions section 5.2.2, not in the DOM types
  if (!encoding || encoding.maxBitrate === bps) return;
  encoding.maxBitrate = bps;
  encoding.adaptivePtime = true;
  await sender.setParameters(parameters);
}

/** Senders whose browser cannot change the codec without asking the other side. */
const FIXED = new WeakSet<RTCRtpSender>();

/** Plain Opus, or what was negotiated first, which is Opus with redundancy (webrtc-extensions, `codec` of an encoding). */
async function sayOnce(sender: RTCRtpSender, isPlain: boolean): Promise<void> {
  const parameters = sender.getParameters();
  const encoding: (RTCRtpEncodingParameters & { codec?: object }) | undefined = parameters.encodings[0];
  if (!encoding || FIXED.has(sender) || isPlain === (encoding.codec !== undefined)) return;
  const opus = parameters.codecs.find(({ mimeType }) => mimeType.toLowerCase() === 'audio/opus');
  if (isPlain && opus) {
    const { payloadType: _payloadType, ...codec } = opus;
    encoding.codec = codec;
  } else delete encoding.codec;
  await sender.setParameters(parameters).catch(() => FIXED.add(sender));
}
