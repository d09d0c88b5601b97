/** Field workers: start a consultation in two taps, see today's calls, go back into a live one. */
import { ClipboardList, UserRound } from 'lucide-react';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '../api';
import { Appointments } from '../appointments/Appointments';
import { canKeepNotes, later, NewsAtHome } from '../call/later';
import {
  Card,
  Empty,
  ErrorNotice,
  Failed,
  Loading,
  Page,
  Section,
  StartBlock,
  TextSizeControl,
  Title,
  type TopicTile,
  topicPicture,
} from '../design';
import { useEvents } from '../events';
import { PushLine } from '../push/later';
import { CallRows } from './CallRows';
import { SUPERIOR, useCalls, useStartCall } from './calls';
import { LineBand } from './LineBand';
import { OwedQuestions } from './OwedQuestions';
import { OwnPresence } from './OwnPresence';
import { Rings, useRingingTitle } from './Rings';
import { StaffHeader } from './StaffHeader';
import { useTopicLabel, useTopics } from './topics';

const Decisions = later(async () => (await import('../decisions/Waiting')).Waiting, 'decision');
const Returned = later(async () => (await import('../review/Returned')).Returned, 'review');
const HomeCases = later(async () => (await import('../cases/HomeCases')).HomeCases, 'cases');
const WaitingNotes = later(async () => (await import('./WaitingNotes')).WaitingNotes);

export function FieldHome({ person }: { person: Person }) {
  const { t } = useTranslation('home');
  const stream = useEvents();
  const calls = useCalls();
  const start = useStartCall();
  const topics = useTopicTiles();
  useRingingTitle(t('field.title'));

  return (
    <Page
      footer={<TextSizeControl />}
      header={
        <>
          <StaffHeader person={person} />
          <LineBand stream={stream} listFrom={calls.dataUpdatedAt} />
        </>
      }
    >
      <Title hidden>{t('field.title')}</Title>
      <Suspense>
        <NewsAtHome />
      </Suspense>
      <Rings />
      <Suspense>
        <Decisions />
        <Returned />
      </Suspense>
      <StartBlock
        title={t('field.start')}
        lead={t('field.startLead')}
        topicsLabel={t('field.topics')}
        topics={topics}
        starting={start.isPending || start.isSuccess ? start.variables : null}
        startingLabel={t('field.starting')}
        onStart={start.mutate}
      />
      {start.error && <ErrorNotice title={t('field.startFailed')} error={start.error} />}
      <Section title={t('field.today')}>
        {calls.data && calls.data.calls.length > 0 && (
          <CallRows calls={calls.data.calls} label={t('field.today')} />
        )}
        {!calls.data || calls.data.calls.length === 0 ? (
          <Card pad={false}>
            {calls.isPending && <Loading label={t('readingCalls')} />}
            {calls.isError && !calls.data && (
              <Failed title={t('callsFailed')} error={calls.error} onRetry={() => void calls.refetch()} />
            )}
            {calls.data && (
              <Empty icon={ClipboardList} title={t('field.empty')}>
                <p>{t('field.emptyText')}</p>
              </Empty>
            )}
          </Card>
        ) : null}
      </Section>
      <Suspense>
        <OwedQuestions />
        <HomeCases />
        <Appointments />
      </Suspense>
      <OwnPresence />
      <Suspense>
        <PushLine />
      </Suspense>
      {canKeepNotes() && (
        <Suspense>
          <WaitingNotes person={person} />
        </Suspense>
      )}
    </Page>
  );
}

/** The tiles; without them the large bar still starts a call, so a failure here shows no error. */
function useTopicTiles(): TopicTile[] {
  const { t } = useTranslation('home');
  const label = useTopicLabel();
  const { data } = useTopics();
  if (!data) return [];
  const tiles = data.map<TopicTile>((topic) => ({
    key: topic.key,
    label: label(topic),
    icon: topicPicture(topic.icon),
    supply: topic.available > 0 ? t('field.supply') : t('field.noSupply'),
    supplyLook: topic.available > 0 ? 'ok' : 'warn',
  }));
  return [
    ...tiles,
    {
      key: SUPERIOR,
      label: t('field.superior'),
      icon: UserRound,
      supply: t('field.superiorLead'),
      supplyLook: 'plain',
      wide: true,
    },
  ];
}
