/** The text for the IT desk (pure): what was found, from where, under which reference. */
import { type Findings, STEPS, type Step } from './verdict';

export interface Circumstances {
  readonly reference: string;
  readonly host: string;
  readonly browser: string;
  readonly begun_at: Date;
}

/** `name` and `state` say a step and its state in the reader's language. */
export function reportText(
  findings: Findings,
  { reference, host, browser, begun_at }: Circumstances,
  title: string,
  say: { name: (step: Step) => string; state: (step: Step) => string },
): string {
  const lines = STEPS.map(
    (step) => `${say.name(step)}: ${say.state(step)} (${step} ${findings.states[step]})`,
  );
  const { quality } = findings;
  if (quality)
    lines.push(
      `rtt=${quality.round_trip_ms}ms loss=${Math.round(quality.loss * 100)}% throughput=${quality.kbps}kbps`,
    );
  return [`${title} ${reference || '-'}`, `${begun_at.toISOString()} ${host}`, ...lines, browser].join('\n');
}
