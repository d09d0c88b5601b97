/** The order of giving up as steps in words: what was given up is filled, the current one yellow and bold. */
import { classes } from './classes';

export interface LadderStep {
  key: string;
  label: string;
}

export function LadderSteps({
  label,
  steps,
  current,
}: {
  label: string;
  steps: readonly LadderStep[];
  /** Key of the step that is true now. */
  current: string;
}) {
  const at = steps.findIndex(({ key }) => key === current);
  return (
    <ol aria-label={label} className="mt-1.5 flex flex-wrap gap-x-2.5 gap-y-1">
      {steps.map(({ key, label: name }, index) => (
        <li
          key={key}
          aria-current={index === at ? 'step' : undefined}
          className={classes(
            'flex items-center gap-1.5 text-14 leading-[1.4]',
            index === at ? 'font-bold text-warn-stage' : 'text-stage-ink-2',
          )}
        >
          <span
            aria-hidden
            className={classes(
              'h-1.5 w-6 flex-none rounded-tag',
              index === at ? 'bg-warn-stage' : index < at ? 'bg-stage-ink-2' : 'bg-stage-3',
            )}
          />
          {name}
        </li>
      ))}
    </ol>
  );
}

/** Figures beside each other, each with its words: MB of the call, of the month, waiting. */
export function Figures({
  items,
}: {
  items: readonly { label: string; value: string; share?: number | undefined; more?: string | undefined }[];
}) {
  return (
    <dl className="grid grid-flow-row overflow-hidden rounded-card border border-line bg-surface tablet:auto-cols-fr tablet:grid-flow-col">
      {items.map(({ label, value, share, more }) => (
        <div
          key={label}
          className="border-line px-4 py-3 not-first:border-t tablet:not-first:border-t-0 tablet:not-first:border-l"
        >
          <dt className="text-14 leading-[1.4] text-ink-2">{label}</dt>
          <dd className="figures text-24 leading-[1.3] font-bold">{value}</dd>
          {share !== undefined && <Share share={share} />}
          {more && <dd className="text-14 leading-[1.4] text-ink-2">{more}</dd>}
        </div>
      ))}
    </dl>
  );
}

function Share({ share }: { share: number }) {
  const percent = Math.min(100, Math.round(share * 100));
  return (
    <dd aria-hidden className="my-1 h-1.5 overflow-hidden rounded-tag bg-line-soft">
      <span
        className={classes('block h-full', percent >= 80 ? 'bg-warn-mid' : 'bg-brand')}
        style={{ width: `${percent}%` }}
      />
    </dd>
  );
}
