/** Two soft notes every three seconds until stopped, made by the browser itself: nothing to download, nothing to keep. */

const NOTES_HZ = [660, 880] as const;
const NOTE_S = 0.35;
const EVERY_MS = 3_000;
const VOLUME = 0.18;

export function startTone(): () => void {
  const Context = window.AudioContext;
  if (!Context) return () => {};
  const audio = new Context();
  const ring = () => {
    if (audio.state === 'suspended') void audio.resume().catch(() => undefined);
    NOTES_HZ.forEach((frequency, at) => {
      const start = audio.currentTime + at * NOTE_S;
      const oscillator = audio.createOscillator();
      const gain = audio.createGain();
      oscillator.frequency.value = frequency;
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(VOLUME, start + 0.03);
      gain.gain.exponentialRampToValueAtTime(0.001, start + NOTE_S);
      oscillator.connect(gain).connect(audio.destination);
      oscillator.start(start);
      oscillator.stop(start + NOTE_S);
    });
  };
  ring();
  const timer = setInterval(ring, EVERY_MS);
  return () => {
    clearInterval(timer);
    void audio.close().catch(() => undefined);
  };
}
