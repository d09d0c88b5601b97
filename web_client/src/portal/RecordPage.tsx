/** One record whole: what, for whom, until when, whose and how old; checked, followed, printed; and what changed of it. */
import { ListChecks, Printer } from 'lucide-react';
import { useEffect } from 'react';
import { useLocation } from 'react-router';
import { get, post, type ServicePage } from '../api';
import {
  Button,
  Furigana,
  LetterNext,
  LetterPaper,
  LinkButton,
  Loading,
  NextSteps,
  OnPaper,
  OnScreen,
  PhoneLink,
  RecordFacts,
  ResidentBlock,
  ResidentHeading,
  ResidentText,
  SpeakButton,
  Stack,
} from '../design';
import { day } from '../letter/day';
import type { Words } from '../words';
import { useAsked } from './asking';
import type { Kind } from './device';
import { FollowBlock } from './FollowBlock';
import { ServiceLine } from './ListPage';
import { NotThere } from './NotThere';
import type { Pages } from './PortalRoute';
import { addressOf, printedOn } from './printed';
import { sourceOf, summaryOf, titleOf, whenOf } from './serviceWords';

export function RecordPage({
  kind,
  id,
  words,
  portal,
  device,
  headingRef,
}: Pages & { kind: Kind; id: string }) {
  const service_id = decodeURIComponent(id);
  const path = { kind, service_id };
  const { asked, again } = useAsked(`${kind} ${id}`, (signal) =>
    get('/services/records/{kind}/{service_id}', { path, signal }),
  );
  const page = asked.at === 'ready' ? asked.answer : null;
  useLookedAt(page, device.see);
  if (asked.at === 'reading') return <Loading label={words.name('reading')} lines={4} />;
  if (!page) return <NotThere how={asked.at as 'gone'} words={words} again={again} />;
  const { service } = page;
  return (
    <>
      <LetterPaper from={service.owner}>
        <ResidentHeading
          headingRef={headingRef}
          text={titleOf(service, words.language)}
          lead={<Furigana text={summaryOf(service, words.language)} />}
        />
        <Body page={page} words={words} />
        <OnPaper lines={[printedOn(words), addressOf(words)]} />
      </LetterPaper>
      <ResidentBlock>
        <Stack gap={3}>
          <SpeakButton
            text={spoken(page, words)}
            language={words.language === 'en' && !service.english ? 'ja' : words.language}
            label={words.say('speak')}
          />
          <Button look="second" block icon={Printer} onClick={() => window.print()}>
            <Furigana text={words.say('print.record')} />
          </Button>
        </Stack>
      </ResidentBlock>
      {portal.at === 'ready' && (
        <FollowBlock page={page} takesSubscribers={portal.answer.takes_subscribers} words={words} />
      )}
      {page.related.length > 0 && (
        <ResidentBlock title={words.say('record.related')}>
          <Stack gap={3}>
            {page.related.map((one) => (
              <ServiceLine key={`${one.kind} ${one.id}`} service={one} words={words} tagged />
            ))}
          </Stack>
        </ResidentBlock>
      )}
    </>
  );
}

/** Kept on the device where that is wished, and counted without a name; of what is sensitive, neither. */
function useLookedAt(page: ServicePage | null, see: Pages['device']['see']): void {
  const { state } = useLocation() as { state: { quiet?: boolean } | null };
  const isQuiet = state?.quiet === true;
  useEffect(() => {
    if (!page || page.service.is_sensitive || isQuiet) return;
    const { kind, id } = page.service;
    see(page.service);
    post('/services/records/{kind}/{service_id}/seen', { path: { kind, service_id: id } }).catch(
      () => undefined, // a count that is missing is nobody's trouble
    );
  }, [page, see, isQuiet]);
}

function Body({ page, words }: { page: ServicePage; words: Words }) {
  const { service } = page;
  const when = whenOf(service, words);
  return (
    <>
      {page.is_stale && (
        <ResidentText
          voice="note"
          text={words.say('record.stale', { day: day(page.fetched_on, words.language) })}
        />
      )}
      {when && (
        <LetterNext
          title={words.say(`record.when.${service.kind}`)}
          day={service.kind === 'event' || !service.ends ? when : day(service.ends, words.language)}
        >
          {''}
        </LetterNext>
      )}
      {page.has_check && (
        <OnScreen>
          <ResidentBlock>
            <LinkButton
              size="large"
              block
              icon={ListChecks}
              to={`/services/${encodeURIComponent(service.id)}/check`}
            >
              <Furigana text={words.say('record.check')} />
            </LinkButton>
          </ResidentBlock>
        </OnScreen>
      )}
      {page.changes.length > 0 && (
        <ResidentBlock title={words.say('record.changes')}>
          <RecordFacts
            facts={page.changes.map(({ on, heading, before, after }) => [
              heading,
              words.say(before ? 'record.changed' : 'record.added', {
                day: day(on, words.language),
                before,
                after: after || words.name('record.nothing'),
              }),
            ])}
          />
        </ResidentBlock>
      )}
      {page.needs.length > 0 && (
        <ResidentBlock title={words.say('record.needs')}>
          <NextSteps texts={page.needs} />
        </ResidentBlock>
      )}
      {page.facts.length > 0 && (
        <ResidentBlock title={words.say('record.facts')}>
          <RecordFacts
            facts={page.facts.map(({ name, value }) => [
              words.say(`fact.${name}`),
              /^\d{4}-\d{2}-\d{2}$/.test(value) ? day(value, words.language) : value,
            ])}
          />
        </ResidentBlock>
      )}
      {page.papers.length > 0 && (
        <ResidentBlock title={words.say('record.papers')}>
          <NextSteps texts={page.papers} />
        </ResidentBlock>
      )}
      <Contact page={page} words={words} />
    </>
  );
}

function Contact({ page: { service, url, licence }, words }: { page: ServicePage; words: Words }) {
  return (
    <ResidentBlock title={words.say('record.contact')}>
      <Stack gap={2}>
        {service.contact && <ResidentText voice="strong" text={service.contact} />}
        {service.phone && <PhoneLink number={service.phone} words={words.say('record.phone')} />}
        {url && (
          <OnScreen>
            <LinkButton look="second" block href={url} target="_blank">
              <Furigana text={words.say('record.more')} />
            </LinkButton>
          </OnScreen>
        )}
        <ResidentText voice="note" text={sourceOf(service, words)} />
        {licence && <ResidentText voice="note" text={words.say('record.licence', { licence })} />}
        <ResidentText voice="note" text={words.say('record.proviso')} />
      </Stack>
    </ResidentBlock>
  );
}

/** What is read out: what it is, until when, and whom to ask. */
function spoken({ service }: ServicePage, words: Words): string {
  const said = [
    titleOf(service, words.language),
    summaryOf(service, words.language),
    whenOf(service, words),
    [words.say('record.contact'), service.contact, service.phone].filter(Boolean).join(' '),
  ];
  return said
    .filter(Boolean)
    .join('。')
    .replace(/\{([^{}|]+)\|([^{}|]+)\}/g, '$2');
}
