/** `/calls/:id/recap`: after the call. What is known of it, what staff write about it, and what the resident takes home. */
import { useQuery } from '@tanstack/react-query';
import { Check, History, PencilLine } from 'lucide-react';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { get, type Person, type Recap } from '../api';
import { later } from '../call/later';
import { dateOf, timeOf } from '../clock';
import {
  Beside,
  Card,
  Facts,
  Failed,
  LinkButton,
  Loading,
  Page,
  Row,
  Section,
  Stack,
  Tag,
  TextSizeControl,
  Title,
  Words,
} from '../design';
import { Questions } from '../questions/Questions';
import { StaffDoor } from '../staff/StaffDoor';
import { StaffHeader } from '../staff/StaffHeader';
import { useTitle } from '../staff/title';
import { recapKey } from './key';
import { Letters } from './Letters';
import { RecapForm } from './RecapForm';

const Kept = later(async () => (await import('../view/Kept')).Kept, 'view');
const PaperFigures = later(async () => (await import('../view/PaperFigures')).PaperFigures, 'view');

export function RecapRoute() {
  const { id = '' } = useParams();
  const { t } = useTranslation('recap');
  useTitle(t('title'));
  return (
    <StaffDoor reading={t('reading')} failed={t('failed')}>
      {(person) => <Recap_ key={id} callId={id} person={person} />}
    </StaffDoor>
  );
}

function Recap_({ callId, person }: { callId: string; person: Person }) {
  const { t } = useTranslation('recap');
  const recap = useQuery({
    queryKey: recapKey(callId),
    queryFn: () => get('/calls/{call_id}/recap', { path: { call_id: callId } }),
    refetchInterval: (query) => (hasMailOnItsWay(query.state.data) ? 3_000 : false),
  });
  return (
    <Page header={<StaffHeader person={person} />} width="desk" footer={<TextSizeControl />}>
      {!recap.data && (
        <Card pad={false}>
          {recap.isPending ? (
            <Loading label={t('reading')} lines={5} />
          ) : (
            <Failed
              whole
              title={t('failed')}
              error={recap.error}
              onRetry={() => void recap.refetch()}
              actions={
                <LinkButton look="second" to="/">
                  {t('home')}
                </LinkButton>
              }
            />
          )}
        </Card>
      )}
      {recap.data && (
        <>
          <Row justify="between">
            <Title lead={[recap.data.number, recap.data.title].filter(Boolean).join('　')}>
              {t('title')}
            </Title>
            <State recap={recap.data} />
          </Row>
          <Beside
            side={
              <>
                <Known recap={recap.data} />
                <LinkButton
                  look="second"
                  icon={History}
                  to={`/calls/${encodeURIComponent(callId)}/record`}
                  block
                >
                  {t('record')}
                </LinkButton>
                <LinkButton look="second" to="/" block>
                  {t('home')}
                </LinkButton>
              </>
            }
          >
            <RecapForm recap={recap.data} />
            <Section title={t('questions')}>
              <Suspense>
                <Questions callId={callId} isStaff />
              </Suspense>
            </Section>
            <Letters recap={recap.data} />
            <Suspense>
              <Kept callId={callId} />
              <PaperFigures callId={callId} />
            </Suspense>
          </Beside>
        </>
      )}
    </Page>
  );
}

function hasMailOnItsWay(recap: Recap | undefined): boolean {
  return recap?.letters.some(({ mails }) => mails.some(({ state }) => state === 'waiting')) ?? false;
}

function State({ recap }: { recap: Recap }) {
  const { t } = useTranslation('recap');
  if (recap.confirmed_at !== null) {
    return (
      <Tag look="ok" icon={Check} large>
        {t('confirmed', { name: recap.confirmed_by, time: timeOf(recap.confirmed_at) })}
      </Tag>
    );
  }
  return (
    <Tag look="draft" icon={PencilLine} large>
      {recap.edited_at
        ? t('draftBy', { name: recap.edited_by, time: timeOf(recap.edited_at) })
        : t('notWritten')}
    </Tag>
  );
}

/** What needs no writing: when, how long, who, and what is still open. */
function Known({ recap }: { recap: Recap }) {
  const { t, i18n } = useTranslation(['recap', 'app']);
  const open = recap.asked.filter(({ state }) => state === 'ticket' || state === 'waiting');
  const ended = recap.ended_at;
  return (
    <Section title={t('known')}>
      <Card>
        <Stack gap={4}>
          <Facts
            facts={[
              [t('day'), dateOf(recap.started_at, i18n.language)],
              [t('time'), `${timeOf(recap.started_at)} – ${ended ? timeOf(ended) : t('stillOpen')}`],
              ...(ended
                ? ([[t('lasted'), t('minutes', { count: minutes(recap.started_at, ended) })]] as const)
                : []),
              ...(recap.place ? ([[t('place'), recap.place]] as const) : []),
            ]}
          />
          <Stack gap={2}>
            <Words voice="note">{t('people')}</Words>
            {recap.people.map((person, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two guests may have the same name
              <Row key={at} gap={2}>
                <Words>{person.name}</Words>
                <Words voice="note">{person.belongs || t(`app:role.${person.role}`)}</Words>
              </Row>
            ))}
          </Stack>
          {open.length > 0 && (
            <Tag look="warn" large>
              {t('owed', { count: open.length })}
            </Tag>
          )}
        </Stack>
      </Card>
    </Section>
  );
}

function minutes(from: string, to: string): number {
  return Math.max(1, Math.round((Date.parse(to) - Date.parse(from)) / 60_000));
}
