/** Specialists and supervisors: the calls they were added to, live ones first, each with one way in. */
import { Coffee, Phone, PhoneIncoming } from 'lucide-react';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { Call, Person } from '../api';
import { Appointments } from '../appointments/Appointments';
import { later, NewsAtHome } from '../call/later';
import { lasted, timeOf, useClock } from '../clock';
import {
  Announce,
  Attendees,
  Beside,
  Button,
  CallCard,
  Card,
  Count,
  Empty,
  ErrorNotice,
  Facts,
  Failed,
  Loading,
  NamePlate,
  Page,
  Section,
  Stack,
  TextSizeControl,
  Title,
} from '../design';
import { useEvents } from '../events';
import { PushLine } from '../push/later';
import { CallRows } from './CallRows';
import { useCalls, useJoinCall } from './calls';
import { attendees, inOrder, isLive } from './callWords';
import { LineBand } from './LineBand';
import { OwedQuestions } from './OwedQuestions';
import { OwnPresence } from './OwnPresence';
import { PresentStaff } from './PresentStaff';
import { Rings, useRingingTitle, useRings } from './Rings';
import { StaffHeader } from './StaffHeader';
import { useCallTitle } from './topics';

const Decisions = later(async () => (await import('../decisions/Waiting')).Waiting, 'decision');
const Returned = later(async () => (await import('../review/Returned')).Returned, 'review');
const HomeCases = later(async () => (await import('../cases/HomeCases')).HomeCases, 'cases');

export function DeskHome({ person }: { person: Person }) {
  const { t } = useTranslation('home');
  const stream = useEvents();
  const calls = useCalls();
  const all = inOrder(calls.data?.calls ?? []);
  const rings = useRings().data?.rings ?? [];
  const live = all.filter((call) => isLive(call) && !rings.some((ring) => ring.call_id === call.id));
  const over = all.filter((call) => !isLive(call));
  useRingingTitle(live.length > 0 ? t('desk.titleLive', { count: live.length }) : t('desk.title'));

  return (
    <Page
      footer={<TextSizeControl />}
      width="desk"
      header={
        <>
          <StaffHeader person={person} />
          <LineBand stream={stream} listFrom={calls.dataUpdatedAt} />
        </>
      }
    >
      <Title hidden>{t('desk.title')}</Title>
      <Suspense>
        <NewsAtHome />
      </Suspense>
      <Beside
        side={
          <Stack gap={6}>
            <OwnPresence />
            <Suspense>
              <PushLine />
            </Suspense>
            <PresentStaff person={person} />
          </Stack>
        }
      >
        <Rings />
        <Suspense>
          <Decisions />
          <Returned />
        </Suspense>
        <Section
          title={t('desk.live')}
          count={
            live.length > 0 && (
              <Count value={live.length} label={t('desk.liveCount', { count: live.length })} />
            )
          }
        >
          {live.length > 0 ? (
            <LiveCalls calls={live} person={person} />
          ) : (
            <Card pad={false}>
              {calls.isPending && <Loading label={t('readingCalls')} />}
              {calls.isError && !calls.data && (
                <Failed title={t('callsFailed')} error={calls.error} onRetry={() => void calls.refetch()} />
              )}
              {calls.data && (
                <Empty icon={Coffee} title={t('desk.empty')}>
                  <p>{over.length > 0 ? t('desk.emptyDone', { count: over.length }) : t('desk.emptyText')}</p>
                </Empty>
              )}
            </Card>
          )}
        </Section>
        <Suspense>
          <OwedQuestions />
          <Appointments />
        </Suspense>
        {over.length > 0 && (
          <Section title={t('desk.over')}>
            <CallRows calls={over} label={t('desk.over')} />
          </Section>
        )}
        <Suspense>
          <HomeCases />
        </Suspense>
      </Beside>
    </Page>
  );
}

function LiveCalls({ calls, person }: { calls: readonly Call[]; person: Person }) {
  const { t } = useTranslation('home');
  const now = useClock(1000);
  const join = useJoinCall();
  const titleOf = useCallTitle();
  const newest = calls[0];
  return (
    <Stack gap={6}>
      {newest && (
        <Announce>{t('desk.announce', { title: titleOf(newest), name: newest.host.name })}</Announce>
      )}
      {join.error && <ErrorNotice title={t('joinFailed')} error={join.error} />}
      {calls.map((call, at) => {
        const inside = call.members.some((member) => member.person.id === person.id && member.joined);
        return (
          <CallCard
            key={call.id}
            banner={
              <>
                <PhoneIncoming size={24} aria-hidden />
                {inside ? t('desk.youAreIn') : call.live_count > 0 ? t('desk.asked') : t('nobodyIn')}
              </>
            }
            clock={t('running', { time: lasted(call.started_at, now) })}
            title={titleOf(call)}
            actions={
              <Button
                size="large"
                look={at === 0 ? 'primary' : 'second'}
                icon={Phone}
                busy={join.isPending && join.variables === call.id}
                busyLabel={t('entering')}
                aria-label={t('enterNamed', { title: titleOf(call) })}
                onClick={() => join.mutate(call.id)}
              >
                {t('enter')}
              </Button>
            }
            side={
              <Attendees
                title={t('people')}
                people={attendees(call, t)}
                joinedLabel={t('isIn')}
                awayLabel={t('notYet')}
              />
            }
          >
            <NamePlate person={call.host} letter />
            <Facts
              facts={[
                ...(call.place ? ([[t('place'), call.place]] as const) : []),
                [t('startedAt'), timeOf(call.started_at)],
                [t('number'), call.number],
              ]}
            />
          </CallCard>
        );
      })}
    </Stack>
  );
}
