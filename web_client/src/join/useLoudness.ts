/** Measures a stream's microphone with the Web Audio API, about thirty times a second, while the page shows it. */
import { useEffect, useState } from 'react';
import { HEARD_FILL, meterFill, rootMeanSquare, settle } from './loudness';

export interface Loudness {
  readonly fill: number;
  /** True from the first sound as loud as a voice; it does not fall back in a pause. */
  readonly heard: boolean;
}

const SILENT: Loudness = { fill: 0, heard: false };

export function useLoudness(stream: MediaStream | null): Loudness {
  const [loudness, setLoudness] = useState(SILENT);

  useEffect(() => {
    setLoudness(SILENT);
    if (stream === null || stream.getAudioTracks().length === 0) return;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(stream).connect(analyser);
    void context.resume();
    const samples = new Float32Array(analyser.fftSize);
    let frame = 0;
    let shown = 0;
    let last_s = performance.now() / 1000;
    const measure = () => {
      const now_s = performance.now() / 1000;
      frame = requestAnimationFrame(measure);
      if (now_s - last_s < 1 / 30) return;
      analyser.getFloatTimeDomainData(samples);
      shown = settle(shown, meterFill(rootMeanSquare(samples)), now_s - last_s);
      last_s = now_s;
      setLoudness((before) => ({ fill: shown, heard: before.heard || shown >= HEARD_FILL }));
    };
    measure();
    return () => {
      cancelAnimationFrame(frame);
      void context.close();
    };
  }, [stream]);

  return loudness;
}
