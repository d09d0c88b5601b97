/** The first page: search, what may concern somebody and why, what happened in a life, kinds, and what many look at. */
import {
  Baby,
  BriefcaseBusiness,
  CalendarDays,
  Clock,
  Construction,
  FileText,
  Flower2,
  type LucideIcon,
  MapPin,
  ShieldAlert,
  Stamp,
  Truck,
} from 'lucide-react';
import type { PortalView } from '../api';
import {
  Doors,
  Furigana,
  LinkButton,
  Loading,
  RankList,
  ResidentBlock,
  ResidentHeading,
  ResidentText,
  Stack,
} from '../design';
import { noticesCode } from './device';
import { History } from './History';
import type { Pages } from './PortalRoute';
import { Recommended } from './Recommended';
import { SearchForm, SearchResults } from './Search';
import { pathOf, titleOf } from './serviceWords';

type LifeEvent = PortalView['life_events'][number];

const EVENT_ICONS: Record<LifeEvent, LucideIcon> = {
  moving: Truck,
  birth: Baby,
  job_lost: BriefcaseBusiness,
  death: Flower2,
  disaster: ShieldAlert,
};
const KIND_ICONS = {
  programme: FileText,
  facility: MapPin,
  event: CalendarDays,
  work: Construction,
  licence: Stamp,
} as const;

export function Front(pages: Pages) {
  const { words, portal, search, phone, device, headingRef } = pages;
  const front = portal.at === 'ready' ? portal.answer : null;
  return (
    <>
      <ResidentHeading
        headingRef={headingRef}
        text={words.say('heading')}
        lead={<Furigana text={words.say('lead')} />}
      />
      <ResidentBlock>
        <SearchForm search={search} words={words} />
      </ResidentBlock>
      <SearchResults search={search} words={words} phone={phone} />
      {!search.found && <Recommended device={device} words={words} />}
      {!front && <Loading label={words.name('reading')} lines={4} />}
      {front && <Ways front={front} {...pages} />}
      <History device={device} words={words} />
    </>
  );
}

function Ways({ front, words }: Pages & { front: PortalView }) {
  const { language } = words;
  return (
    <>
      {front.life_events.length > 0 && (
        <ResidentBlock title={words.say('life.heading')}>
          <Doors
            label={words.name('life.heading')}
            doors={front.life_events.map((event) => ({
              to: `/services/life/${event}`,
              icon: EVENT_ICONS[event],
              text: words.say(`life.${event}`),
            }))}
          />
        </ResidentBlock>
      )}
      <ResidentBlock title={words.say('kinds.heading')}>
        <Doors
          label={words.name('kinds.heading')}
          doors={[
            { to: '/services/all/closing', icon: Clock, text: words.say('kind.closing') },
            ...(['programme', 'facility', 'event', 'work', 'licence'] as const)
              .filter((kind) => (front.counts[kind] ?? 0) > 0)
              .map((kind) => ({
                to: `/services/all/${kind}`,
                icon: KIND_ICONS[kind],
                text: words.say(`kind.${kind}`),
                note: words.name('kinds.count', { count: front.counts[kind] ?? 0 }),
              })),
          ]}
        />
      </ResidentBlock>
      {front.trending.length > 0 && (
        <ResidentBlock title={words.say('trending.heading')}>
          <Stack gap={2}>
            <RankList
              items={front.trending.map(({ service, ratio, viewers }) => ({
                key: `${service.kind} ${service.id}`,
                to: pathOf(service),
                title: titleOf(service, language),
                note: words.say('trending.note', { ratio: ratio.toFixed(1), count: viewers }),
              }))}
            />
            <ResidentText voice="note" text={words.say('trending.how')} />
          </Stack>
        </ResidentBlock>
      )}
      {(front.takes_subscribers || noticesCode()) && (
        <ResidentBlock title={words.say('notices.heading')}>
          <Stack gap={2}>
            <ResidentText text={words.say('notices.lead')} />
            <LinkButton look="second" block to={noticesCode() ? `/n/${noticesCode()}` : '/n'}>
              <Furigana text={words.say(noticesCode() ? 'notices.own' : 'notices.ask')} />
            </LinkButton>
          </Stack>
        </ResidentBlock>
      )}
    </>
  );
}
