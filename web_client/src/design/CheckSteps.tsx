/** What is being tried and how it went: one line per step, its state as a sign and in words, never by colour alone. */
import {
  CircleCheck,
  CircleDashed,
  CircleMinus,
  CircleX,
  type LucideIcon,
  TriangleAlert,
} from 'lucide-react';
import { Spinner } from './Button';
import { classes } from './classes';
import { Furigana } from './Furigana';

export type CheckState = 'waiting' | 'running' | 'good' | 'weak' | 'bad' | 'skipped';

export interface CheckStep {
  readonly key: string;
  readonly name: string;
  readonly state: CheckState;
  /** The state in words; waiting steps say nothing. */
  readonly words: string;
}

const SIGNS: Record<Exclude<CheckState, 'running'>, { icon: LucideIcon; tone: string }> = {
  waiting: { icon: CircleDashed, tone: 'text-faint' },
  good: { icon: CircleCheck, tone: 'text-ok-mid' },
  weak: { icon: TriangleAlert, tone: 'text-warn-mid' },
  bad: { icon: CircleX, tone: 'text-danger' },
  skipped: { icon: CircleMinus, tone: 'text-ink-3' },
};

export function CheckSteps({
  label,
  steps,
  stacked = false,
}: {
  label: string;
  steps: readonly CheckStep[];
  /** The words below the name on wide screens too: for names that are sentences. */
  stacked?: boolean;
}) {
  return (
    <ol aria-label={label} className="overflow-hidden rounded-card border border-line bg-surface">
      {steps.map(({ key, name, state, words }) => (
        <li
          key={key}
          className={classes(
            'grid min-h-13 grid-cols-[28px_1fr] items-center gap-x-3 border-line px-3.5 py-2 not-first:border-t',
            !stacked && 'tablet:grid-cols-[28px_max-content_minmax(0,1fr)]',
          )}
        >
          <Sign state={state} />
          <span className={classes('min-w-0 text-18 leading-[1.4]', state === 'waiting' && 'text-ink-2')}>
            <Furigana text={name} />
          </span>
          {words && (
            <span
              className={classes(
                'col-start-2 min-w-0 text-16 leading-[1.4]',
                !stacked && 'tablet:col-start-3 tablet:text-right',
                state === 'bad' || state === 'weak' ? 'font-bold' : 'text-ink-2',
              )}
            >
              <Furigana text={words} />
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

function Sign({ state }: { state: CheckState }) {
  if (state === 'running')
    return (
      <span className="text-brand">
        <Spinner size={26} />
      </span>
    );
  const { icon: Icon, tone } = SIGNS[state];
  return <Icon size={26} aria-hidden className={classes('flex-none', tone)} />;
}

/** What to do next, one sentence per line. */
export function NextSteps({ texts }: { texts: readonly string[] }) {
  return (
    <ul className="grid list-disc gap-2 pl-6 text-18 leading-[1.6]">
      {texts.map((text) => (
        <li key={text}>
          <Furigana text={text} />
        </li>
      ))}
    </ul>
  );
}

/** Lines for somebody else's eyes, kept as they are and selected with one press. */
export function CopyText({ text }: { text: string }) {
  return (
    <pre className="rounded-control border border-line bg-well px-3.5 py-2.5 font-mono text-14 leading-[1.6] break-words whitespace-pre-wrap select-all">
      {text}
    </pre>
  );
}
