/** Seconds that run down, as a ring beside words; the ring is only the picture of the words. */
import type { ReactNode } from 'react';

const AROUND = 2 * Math.PI * 10;

export function Countdown({ left, of, children }: { left: number; of: number; children: ReactNode }) {
  const gone = 1 - Math.max(0, Math.min(1, left / of));
  return (
    <span className="inline-flex items-center gap-2.5 text-16 leading-[1.5]">
      <svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true" className="flex-none -rotate-90">
        <circle cx="14" cy="14" r="10" fill="none" strokeWidth="5" className="stroke-line-soft" />
        <circle
          cx="14"
          cy="14"
          r="10"
          fill="none"
          strokeWidth="5"
          strokeDasharray={AROUND}
          strokeDashoffset={AROUND * gone}
          className="stroke-brand"
        />
      </svg>
      <span className="figures">{children}</span>
    </span>
  );
}
