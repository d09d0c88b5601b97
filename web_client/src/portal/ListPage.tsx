/** All records of a kind, or all that have a last day; for one municipality if somebody says which; on paper too. */
import { Printer } from 'lucide-react';
import { useState } from 'react';
import { get, type ServiceItem } from '../api';
import {
  Button,
  Furigana,
  LetterPaper,
  Loading,
  OnPaper,
  OnScreen,
  ResidentBlock,
  ResidentHeading,
  ResidentText,
  SelectField,
  ServiceCard,
  Stack,
  Tag,
} from '../design';
import type { Words } from '../words';
import { useAsked } from './asking';
import type { Kind } from './device';
import { Nearby } from './Nearby';
import { NotThere } from './NotThere';
import type { Pages } from './PortalRoute';
import { printedOn } from './printed';
import { linesOf, pathOf, summaryOf, titleOf } from './serviceWords';

export function ListPage({
  kind,
  words,
  portal,
  town,
  chooseTown,
  headingRef,
}: Pages & { kind: Kind | 'closing' }) {
  const [pages, setPages] = useState(1);
  const heading = words.say(`kind.${kind}`);
  const from = portal.at === 'ready' ? portal.answer.organisation : '';
  return (
    <LetterPaper from={from}>
      <ResidentHeading
        headingRef={headingRef}
        text={heading}
        lead={<Furigana text={words.say(`list.lead.${kind}`)} />}
      />
      {kind === 'work' && <Nearby words={words} />}
      <TownChoice {...{ words, portal, town, chooseTown }} />
      {Array.from({ length: pages }, (_, at) => (
        <ListPart
          // biome-ignore lint/suspicious/noArrayIndexKey: the page's number is what it is
          key={`${town} ${at}`}
          kind={kind}
          town={town}
          at={at}
          words={words}
          onMore={at === pages - 1 ? () => setPages(pages + 1) : undefined}
        />
      ))}
      <OnPaper lines={[words.name(`kind.${kind}`), town, printedOn(words)]} />
    </LetterPaper>
  );
}

/** Which municipality somebody means; kept by the page alone. */
export function TownChoice({
  words,
  portal,
  town,
  chooseTown,
}: Pick<Pages, 'words' | 'portal' | 'town' | 'chooseTown'>) {
  const towns = portal.at === 'ready' ? portal.answer.towns : [];
  if (towns.length < 2) return null;
  return (
    <OnScreen>
      <ResidentBlock>
        <SelectField
          large
          label={words.name('town.label')}
          options={[
            { value: '', label: words.name('town.all') },
            ...towns.map((name) => ({ value: name, label: name })),
          ]}
          value={town}
          onChange={(event) => chooseTown(event.target.value)}
        />
      </ResidentBlock>
    </OnScreen>
  );
}

const PER_PAGE = 20;

function ListPart({
  kind,
  town,
  at,
  words,
  onMore,
}: {
  kind: Kind | 'closing';
  town: string;
  at: number;
  words: Words;
  onMore: (() => void) | undefined;
}) {
  const query = kind === 'closing' ? { closing: true } : { kind };
  const { asked, again } = useAsked(`${kind} ${town} ${at}`, (signal) =>
    get('/services/list', { query: { ...query, town, offset: at * PER_PAGE }, signal }),
  );
  if (asked.at === 'reading') return <Loading label={words.name('reading')} lines={4} />;
  if (asked.at !== 'ready') return <NotThere how={asked.at} words={words} again={again} />;
  const { total, services } = asked.answer;
  const left = total - (at + 1) * PER_PAGE;
  return (
    <ResidentBlock>
      <Stack gap={3}>
        {at === 0 && (
          <ResidentText
            voice="note"
            text={words.say(total === 0 ? 'list.empty' : 'list.total', { count: total })}
          />
        )}
        {services.map((service) => (
          <ServiceLine
            key={`${service.kind} ${service.id}`}
            service={service}
            tagged={kind === 'closing'}
            words={words}
          />
        ))}
        {onMore && (
          <OnScreen>
            <Stack gap={2}>
              {left > 0 && (
                <Button look="second" block onClick={onMore}>
                  <Furigana text={words.say('list.more', { count: Math.min(left, PER_PAGE) })} />
                </Button>
              )}
              {total > 0 && (
                <Button look="plain" block icon={Printer} onClick={() => window.print()}>
                  <Furigana text={words.say('print.list')} />
                </Button>
              )}
            </Stack>
          </OnScreen>
        )}
      </Stack>
    </ResidentBlock>
  );
}

export function ServiceLine({
  service,
  words,
  tagged = false,
}: {
  service: ServiceItem;
  words: Words;
  tagged?: boolean;
}) {
  return (
    <ServiceCard
      level="h2"
      to={pathOf(service)}
      title={titleOf(service, words.language)}
      summary={summaryOf(service, words.language)}
      lines={linesOf(service, words)}
      tag={tagged && <Tag>{words.name(`kind.${service.kind}`)}</Tag>}
    />
  );
}
