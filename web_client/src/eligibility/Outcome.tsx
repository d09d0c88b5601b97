/** What can be said after the last question: how it looks, why, what to bring, until when, and who decides. */
import { CircleCheck, CircleHelp, Printer, RotateCcw, TriangleAlert } from 'lucide-react';
import type { Eligibility } from '../api';
import {
  Button,
  CheckSteps,
  Columns,
  Furigana,
  LetterNext,
  LetterPaper,
  NextSteps,
  ResidentBlock,
  ResidentMatter,
  ResidentText,
  Stack,
} from '../design';
import type { useStepFocus } from '../join/step';
import { day } from '../letter/day';
import type { Words } from '../words';
import type { Checking } from './checking';

type Finding = Eligibility['findings'][number];

const SIGNS = { likely: CircleCheck, unsure: CircleHelp, unlikely: TriangleAlert };

export function Outcome({
  said,
  checking,
  heading,
  words,
}: {
  said: Eligibility;
  checking: Checking;
  heading: ReturnType<typeof useStepFocus>;
  words: Words;
}) {
  const { service, verdict } = said;
  return (
    <LetterPaper from={service.title}>
      <ResidentMatter
        icon={SIGNS[verdict]}
        look={verdict === 'likely' ? 'ok' : 'warn'}
        headingRef={heading}
        level="h2"
        text={words.say(said.has_rule ? `verdict.${verdict}` : 'no_rule')}
      >
        {said.has_rule && <ResidentText text={words.say(`verdict.${verdict}_more`)} />}
      </ResidentMatter>
      <Until said={said} words={words} />
      {service.papers.length > 0 && (
        <ResidentBlock title={words.say('papers')}>
          <NextSteps texts={service.papers} />
        </ResidentBlock>
      )}
      {said.desk.length > 0 && verdict !== 'unlikely' && (
        <ResidentBlock title={words.say('desk_checks')}>
          <NextSteps texts={said.desk.map((check) => words.say(`check.${check}`))} />
        </ResidentBlock>
      )}
      {service.gives && (
        <ResidentBlock title={words.say('gives')}>
          <ResidentText text={service.gives} />
        </ResidentBlock>
      )}
      {said.findings.length > 0 && (
        <ResidentBlock title={words.say('why')}>
          <CheckSteps
            stacked
            label={words.name('why')}
            steps={said.findings.map((finding) => step(finding, service.owner, words))}
          />
        </ResidentBlock>
      )}
      <Desk said={said} words={words} />
      <ResidentBlock>
        <Columns>
          {checking.given.length > 0 && (
            <Button block look="second" icon={RotateCcw} onClick={checking.restart}>
              <Furigana text={words.say('again')} />
            </Button>
          )}
          <Button block look="second" icon={Printer} onClick={() => window.print()}>
            <Furigana text={words.say('print')} />
          </Button>
        </Columns>
      </ResidentBlock>
    </LetterPaper>
  );
}

/** The last day to apply, by the list and by one's own days. */
function Until({ said, words }: { said: Eligibility; words: Words }) {
  const { service, own_deadlines } = said;
  const { reception, days_left } = service;
  const shown = reception === 'not_yet' ? service.starts : service.ends;
  const today = new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10); // Japan's
  return (
    <LetterNext
      title={words.say('deadline')}
      day={words.say(`reception.${reception}`, { day: shown ? day(shown, words.language) : '' })}
    >
      {days_left !== null && (
        <ResidentText text={days_left ? words.say('left', { count: days_left }) : words.say('left_today')} />
      )}
      {reception === 'over' && <ResidentText text={words.say('over_more')} />}
      {own_deadlines.map((until) => (
        <ResidentText
          key={until}
          voice="strong"
          text={words.say(until < today ? 'own_over' : 'own', { day: day(until, words.language) })}
        />
      ))}
      {service.how && <ResidentText voice="note" text={`${words.say('how')}: ${service.how}`} />}
    </LetterNext>
  );
}

function Desk({ said: { service }, words }: { said: Eligibility; words: Words }) {
  const source = service.updated
    ? words.say('source', { owner: service.owner, day: day(service.updated, words.language) })
    : words.say('source_undated', { owner: service.owner });
  return (
    <ResidentBlock title={words.say('desk')}>
      <Stack gap={2}>
        {service.contact && <ResidentText voice="strong" text={service.contact} />}
        {service.phone && <ResidentText text={service.phone} />}
        <ResidentText voice="note" text={source} />
      </Stack>
    </ResidentBlock>
  );
}

function step(finding: Finding, owner: string, words: Words) {
  const { name, test, number, unit, choices, holds } = finding;
  const key = unit ? `${test}_${unit}` : test;
  const named = choices.map((choice) =>
    /^\d+$/.test(choice) ? choice : words.name(`choice.${name}.${choice}`),
  );
  const condition = words.say(`needs.${key}`, { number, choices: named.join(' / ') });
  const state = holds === null ? 'open' : holds ? 'yes' : 'no';
  return {
    key: `${name}-${key}-${number}`,
    name: words.say(`ask.${name}`, { owner }),
    state: ({ yes: 'good', no: 'bad', open: 'weak' } as const)[state],
    words: `${condition} — ${words.say(`finding.${state}`)}`,
  };
}
