/** Consent as staff see it: the tool, the sheet that asks and shows who said what, and what they are asked themselves. */
import {
  Captions,
  CircleDot,
  CircleStop,
  Image,
  Lightbulb,
  type LucideIcon,
  ShieldCheck,
} from 'lucide-react';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { ConsentPerson, ConsentPurpose, ConsentsAnswer } from '../api';
import type { LiveCall } from '../call/useCall';
import {
  Button,
  type ChipLook,
  ConsentChips,
  ConsentPurposeRow,
  ErrorNotice,
  Failed,
  Loading,
  PanelSubhead,
  PeopleList,
  PersonRow,
  PrivateBand,
  Row,
  Sheet,
  Stack,
  Tag,
  Words as Text,
  ToolButton,
} from '../design';
import { usePublic } from '../session';
import { Store } from '../view/store';
import { useWords, type Words } from '../words';
import { Aloud } from './Aloud';
import { type Consents, useConsents } from './Consents';
import { usePress } from './GuestConsent';
import { type ConsentWord, concerned, counted, PURPOSES, stoppable, takenBack } from './standing';

const ICONS: Record<ConsentPurpose, LucideIcon> = {
  recording: CircleDot,
  transcript: Captions,
  photo: Image,
  concierge: Lightbulb,
};
const NEWS_MS = 12_000;

interface Part {
  callId: string;
  live: LiveCall;
}

/** Whether the sheet is open; kept here, since tools come and go as a tablet is turned. */
const sheet = new Store(false);

/** Among the staff's tools. */
export function ConsentTool() {
  const words = useWords('consent');
  return <ToolButton icon={ShieldCheck} label={words.name('tool')} onClick={() => sheet.set(true)} />;
}

function ConsentSheet({ callId, live, words }: Part & { words: Words }) {
  const { consents, known } = useConsents(callId, live);
  const { answer } = known;
  if (known.state === 'failed')
    return (
      <Failed title={words.name('sheet.failed')} error={known.error} onRetry={() => void consents.look()} />
    );
  if (!answer) return <Loading label={words.name('sheet.reading')} lines={4} />;
  const here = new Set(live.snapshot.members.map(({ identity }) => identity));
  const people = concerned(answer, here);
  return (
    <Stack gap={3}>
      <Text>{words.name('sheet.lead')}</Text>
      <AskEverybody {...{ answer, people, consents, words }} />
      <PanelSubhead>{words.name('sheet.people')}</PanelSubhead>
      <PeopleList label={words.name('sheet.people')}>
        {people.map((person) => (
          <PersonConsent
            key={person.identity}
            {...{ person, answer, consents, words }}
            isOwn={person.identity === answer.own.identity}
          />
        ))}
      </PeopleList>
      <Text voice="note">{words.name('sheet.note')}</Text>
    </Stack>
  );
}

/** One press asks everybody, and whoever comes later. */
function AskEverybody({
  answer,
  people,
  consents,
  words,
}: {
  answer: ConsentsAnswer;
  people: readonly ConsentPerson[];
  consents: Consents;
  words: Words;
}) {
  const { busy, error, send } = usePress();
  const installation = usePublic();
  return (
    <>
      <Stack gap={1} as="ul">
        {PURPOSES.map((purpose) => {
          const name = words.name(`purpose.${purpose}`);
          if (purpose === 'transcript' && installation?.captions === false)
            return (
              <ConsentPurposeRow
                key={purpose}
                icon={ICONS[purpose]}
                name={name}
                counts={words.name('sheet.no_engine')}
                action={null}
              />
            );
          return (
            <ConsentPurposeRow
              key={purpose}
              icon={ICONS[purpose]}
              name={name}
              counts={words.name('sheet.counts', { ...counted(people, purpose) })}
              action={
                answer.asked_of_all.includes(purpose) ? (
                  <Tag look="info">{words.name('sheet.asked')}</Tag>
                ) : (
                  <Button
                    size="small"
                    look="second"
                    busy={busy}
                    aria-label={words.name('sheet.ask_named', { name })}
                    onClick={() => void send(() => consents.ask([purpose]))}
                  >
                    {words.name('sheet.ask')}
                  </Button>
                )
              }
            />
          );
        })}
      </Stack>
      {error !== null && <ErrorNotice title={words.name('failed')} error={error} />}
    </>
  );
}

function PersonConsent({
  person,
  answer,
  consents,
  words,
  isOwn,
}: {
  person: ConsentPerson;
  answer: ConsentsAnswer;
  consents: Consents;
  words: Words;
  isOwn: boolean;
}) {
  const { busy, error, send } = usePress();
  const [isAloud, setAloud] = useState(false);
  const isGuest = person.identity.startsWith('G-');
  const running = isOwn ? stoppable(person) : [];
  return (
    <>
      <PersonRow
        name={person.name}
        role={person.role}
        lines={person.standings
          .filter(({ entered_by }) => entered_by !== null)
          .map(({ purpose, entered_by }) =>
            words.name('chip.entered', { purpose: words.name(`chip.${purpose}`), name: entered_by ?? '' }),
          )}
        tag={isOwn && <Tag>{words.name('sheet.you')}</Tag>}
        below={
          <Stack gap={2}>
            <ConsentChips
              label={words.name('chip.label', { name: person.name })}
              chips={person.standings.map(({ purpose, state, wish }) => ({
                look: lookOf(state),
                words: words.name(wish === 'delete' ? 'chip.deleted' : `chip.is_${state}`, {
                  purpose: words.name(`chip.${purpose}`),
                }),
              }))}
            />
            <Row gap={2}>
              {isGuest && (
                <Button
                  size="small"
                  look="plain"
                  aria-label={words.name('aloud.open_named', { name: person.name })}
                  onClick={() => setAloud(true)}
                >
                  {words.name('aloud.open')}
                </Button>
              )}
              {running.length > 0 && (
                <Button
                  size="small"
                  look="plain"
                  icon={CircleStop}
                  busy={busy}
                  onClick={() => void send(() => consents.answer(running, false))}
                >
                  {words.name('sheet.stop_own')}
                </Button>
              )}
            </Row>
            {error !== null && <ErrorNotice title={words.name('failed')} error={error} />}
          </Stack>
        }
      />
      {isAloud && <Aloud {...{ person, answer, consents, words }} onClose={() => setAloud(false)} />}
    </>
  );
}

function lookOf(state: ConsentWord): ChipLook {
  if (state === 'given') return 'given';
  return state === 'refused' || state === 'withdrawn' ? 'refused' : state === 'asked' ? 'open' : 'none';
}

/** Above the bar: what staff are asked themselves, answered with one press, who has just taken something back; the sheet. */
export function ConsentBand({ callId, live }: Part) {
  const words = useWords('consent');
  const { consents, known } = useConsents(callId, live);
  const { busy, error, send } = usePress();
  const isOpen = useSyncExternalStore(sheet.subscribe, sheet.get);
  useEffect(() => () => sheet.set(false), []);
  const news = useNews(known.answer);
  const question = known.answer?.asked[0];
  const text = known.answer?.texts.find(({ purpose }) => purpose === question?.purpose);
  const say = (yes: boolean) => question && void send(() => consents.answer([question.purpose], yes));
  return (
    <>
      {question && text && (
        <PrivateBand
          icon={ICONS[question.purpose]}
          title={text.question}
          actions={
            <>
              <Button look="second" busy={busy} onClick={() => say(true)}>
                {words.name('ask.yes')}
              </Button>
              <Button look="second" busy={busy} onClick={() => say(false)}>
                {words.name('ask.no')}
              </Button>
            </>
          }
        >
          {error !== null ? words.name('failed') : words.name('notice.from', { name: question.by })}
        </PrivateBand>
      )}
      {news.map(({ person, purpose }) => (
        <PrivateBand
          key={person.identity + purpose}
          icon={CircleStop}
          title={words.name('notice.stopped', {
            name: person.name,
            purpose: words.name(`purpose.${purpose}`),
          })}
        >
          {words.name('notice.stopped_more')}
        </PrivateBand>
      ))}
      <Sheet open={isOpen} onClose={() => sheet.set(false)} title={words.name('sheet.title')}>
        <ConsentSheet {...{ callId, live, words }} />
      </Sheet>
    </>
  );
}

/** What was taken back in the last seconds. */
function useNews(answer: ConsentsAnswer | null): ReturnType<typeof takenBack> {
  const before = useRef(answer);
  const [news, setNews] = useState<ReturnType<typeof takenBack>>([]);
  useEffect(() => {
    const found = before.current && answer ? takenBack(before.current, answer) : [];
    before.current = answer;
    if (found.length > 0) setNews(found);
  }, [answer]);
  useEffect(() => {
    if (news.length === 0) return;
    const timer = setTimeout(() => setNews([]), NEWS_MS);
    return () => clearTimeout(timer);
  }, [news]);
  return news;
}
