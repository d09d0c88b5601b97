/** What to see to when something happens in a life, in the order in which it is due; ticked on this device, or on paper. */
import { Printer } from 'lucide-react';
import { useState } from 'react';
import { type Checklist, get } from '../api';
import {
  Button,
  Errand,
  Furigana,
  LetterPaper,
  Loading,
  OnPaper,
  OnScreen,
  ResidentBlock,
  ResidentHeading,
  ResidentText,
  ServiceCard,
  Stack,
} from '../design';
import { day } from '../letter/day';
import type { Words } from '../words';
import { useAsked } from './asking';
import { keepTicked, ticked } from './device';
import { TownChoice } from './ListPage';
import { NotThere } from './NotThere';
import type { Pages } from './PortalRoute';
import { printedOn } from './printed';
import { pathOf, sourceOf, summaryOf, titleOf } from './serviceWords';

type Item = Checklist['errands'][number];

export function ChecklistPage({
  event,
  words,
  portal,
  town,
  chooseTown,
  headingRef,
}: Pages & { event: Checklist['life_event'] }) {
  const { asked, again } = useAsked(`${event} ${town}`, (signal) =>
    get('/services/life/{event}', { path: { event }, query: { town }, signal }),
  );
  const from = portal.at === 'ready' ? portal.answer.organisation : '';
  return (
    <LetterPaper from={from}>
      <ResidentHeading
        headingRef={headingRef}
        text={words.say(`checklist.${event}`)}
        lead={<Furigana text={words.say('checklist.lead')} />}
      />
      <TownChoice {...{ words, portal, town, chooseTown }} />
      {asked.at === 'reading' && <Loading label={words.name('reading')} lines={4} />}
      {'answer' in asked ? (
        <Errands event={event} errands={asked.answer.errands} words={words} />
      ) : (
        asked.at !== 'reading' && <NotThere how={asked.at} words={words} again={again} />
      )}
      <OnPaper lines={[words.name('checklist.proviso'), printedOn(words)]} />
    </LetterPaper>
  );
}

function Errands({
  event,
  errands,
  words,
}: {
  event: Checklist['life_event'];
  errands: readonly Item[];
  words: Words;
}) {
  const [done, setDone] = useState(() => ticked(event));
  const tick = (id: string, isDone: boolean) => {
    const after = isDone ? [...done, id] : done.filter((one) => one !== id);
    setDone(after);
    keepTicked(event, after);
  };
  if (errands.length === 0) return <ResidentText text={words.say('list.empty')} />;
  return (
    <ResidentBlock>
      <Stack gap={4}>
        <Stack as="ol" gap={4}>
          {errands.map(({ service, ...due }) => {
            const title = titleOf(service, words.language);
            return (
              <Errand
                key={service.id}
                name={words.name('checklist.done_name', { title })}
                done={done.includes(service.id)}
                onDone={(isDone) => tick(service.id, isDone)}
                due={dueOf({ service, ...due }, words)}
              >
                <ServiceCard
                  level="h2"
                  to={pathOf(service)}
                  title={title}
                  summary={summaryOf(service, words.language)}
                  lines={[
                    [service.contact, service.phone].filter(Boolean).join('　'),
                    sourceOf(service, words),
                  ]}
                />
              </Errand>
            );
          })}
        </Stack>
        <OnScreen>
          <Stack gap={3}>
            <ResidentText voice="note" text={words.say('checklist.proviso')} />
            <Button look="second" block icon={Printer} onClick={() => window.print()}>
              <Furigana text={words.say('print.list')} />
            </Button>
          </Stack>
        </OnScreen>
      </Stack>
    </ResidentBlock>
  );
}

/** By when: its own days first, then the day on which its list closes. */
function dueOf({ service, window, with_notice }: Item, words: Words): string {
  const said = [];
  if (window) {
    const long = words.name(`due.${window.unit}`, { count: window.number });
    said.push(words.say(`due.since.${window.since || 'text'}`, { long }));
  } else if (with_notice) said.push(words.say('due.with_notice'));
  if (service.ends) said.push(words.say('due.closes', { day: day(service.ends, words.language) }));
  return said.length > 0 ? said.join('　') : words.say('due.soon');
}
