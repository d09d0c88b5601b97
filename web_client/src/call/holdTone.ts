/**
 * What a guest hears on hold: soft notes that never stop for long, made by the browser itself. One loop in the audio
 * thread, so that a hidden page, whose timers are slowed down, goes on sounding as well.
 */

const NOTES_HZ = [523.25, 659.25, 783.99, 880, 783.99, 659.25, 587.33, 659.25] as const;
const NOTE_S = 0.8;
const RINGS_S = 2.4; // into the notes after it
const DECAY = 2.2; // per second
const RATE_HZ = 24_000;
const VOLUME = 0.14;
const FADE_S = 0.3;

export interface HoldTone {
  /** Loudness without a jump. */
  setAudible(audible: boolean): void;
  /** Fades away and frees everything. */
  stop(): void;
}

export function startHoldTone(): HoldTone {
  const Context = window.AudioContext;
  if (!Context) return { setAudible: () => {}, stop: () => {} };
  const audio = new Context();
  const source = new AudioBufferSourceNode(audio, { buffer: loop(audio), loop: true });
  const gain = new GainNode(audio, { gain: 0 });
  source.connect(gain).connect(audio.destination);
  source.start();
  if (audio.state === 'suspended') void audio.resume().catch(() => undefined); // no tap yet: the words alone say it
  const setAudible = (audible: boolean) =>
    gain.gain.setTargetAtTime(audible ? VOLUME : 0, audio.currentTime, FADE_S / 3);
  return {
    setAudible,
    stop: () => {
      setAudible(false);
      setTimeout(() => void audio.close().catch(() => undefined), FADE_S * 2000);
    },
  };
}

/** The notes, each ringing into the next ones, the last into the first. */
function loop(audio: AudioContext): AudioBuffer {
  const length = Math.round(NOTES_HZ.length * NOTE_S * RATE_HZ);
  const buffer = audio.createBuffer(1, length, RATE_HZ);
  const samples = buffer.getChannelData(0);
  NOTES_HZ.forEach((frequency, at) => {
    const start = Math.round(at * NOTE_S * RATE_HZ);
    for (let step = 0; step < RINGS_S * RATE_HZ; step += 1) {
      const time = step / RATE_HZ;
      const phase = 2 * Math.PI * frequency * time;
      const loudness = Math.min(1, time / 0.04) * Math.exp(-DECAY * time);
      const index = (start + step) % length;
      samples[index] = (samples[index] ?? 0) + loudness * (Math.sin(phase) + 0.2 * Math.sin(2 * phase));
    }
  });
  return buffer;
}
