/** Who was asked what and what they said, in order, with who entered it where that was somebody else. */
import {
  Ban,
  Check,
  CircleHelp,
  CircleStop,
  Eraser,
  FileCheck2,
  type LucideIcon,
  ShieldQuestion,
} from 'lucide-react';
import type { CallRecord } from '../api';
import { dateOf, timeWithSeconds } from '../clock';
import { Empty, Section, Timeline, TimelineRow } from '../design';
import type { Words } from '../words';

type Step = CallRecord['consents'][number];

const ICONS: Record<Step['step'], LucideIcon> = {
  asked: CircleHelp,
  given: Check,
  refused: Ban,
  withdrawn: CircleStop,
  keep: FileCheck2,
  delete: Eraser,
};

export function ConsentSteps({ record, words }: { record: CallRecord; words: Words }) {
  return (
    <Section title={words.name('consent.title')}>
      {record.consents.length === 0 ? (
        <Empty icon={ShieldQuestion} title={words.name('consent.none')}>
          {words.name('consent.none_more')}
        </Empty>
      ) : (
        <Timeline label={words.name('consent.title')}>
          {record.consents.map((step) => (
            <TimelineRow
              key={`${step.at} ${step.identity} ${step.purpose} ${step.step}`}
              date={dateOf(step.at, words.language)}
              time={timeWithSeconds(step.at)}
              icon={ICONS[step.step]}
              title={words.name(`consent.${step.step}`, {
                name: nameOf(step, words),
                purpose: words.name(`purpose.${step.purpose}`),
              })}
            >
              {step.by_name !== null && words.name(entered(step), { name: step.by_name })}
            </TimelineRow>
          ))}
        </Timeline>
      )}
    </Section>
  );
}

function nameOf({ identity, name }: Step, words: Words): string {
  if (identity === '') return words.name('consent.everybody');
  return identity === 'site' ? words.name('consent.at_site') : words.name('person', { name });
}

function entered({ step }: Step): 'consent.asked_by' | 'consent.entered_by' {
  return step === 'asked' ? 'consent.asked_by' : 'consent.entered_by';
}
