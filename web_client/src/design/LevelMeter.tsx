/** How loud the microphone hears: twelve blocks that fill, and a sentence beside them, since blocks alone say nothing. */
import { classes } from './classes';

const BLOCKS = Array.from({ length: 12 }, (_, at) => at);

export function LevelMeter({ label, fill }: { label: string; fill: number }) {
  const lit = Math.round(fill * BLOCKS.length);
  return (
    // biome-ignore lint/a11y/useSemanticElements: <meter> cannot be drawn as blocks in every browser
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(fill * 100)}
      className="grid h-6 grid-cols-12 gap-1"
    >
      {BLOCKS.map((at) => (
        <span key={at} className={classes('rounded-[2px]', at < lit ? 'bg-ok-mid' : 'bg-line-soft')} />
      ))}
    </div>
  );
}
