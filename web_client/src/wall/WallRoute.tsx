/** `/wall`: every call of the supervisor's office at a glance, renewed by itself; what breaks a limit first. */
import { useQuery } from '@tanstack/react-query';
import { Coffee, Megaphone } from 'lucide-react';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, type Person } from '../api';
import { later } from '../call/later';
import { lasted, timeOf, useClock } from '../clock';
import {
  Beside,
  Button,
  Card,
  DataTable,
  Empty,
  Failed,
  Loading,
  Page,
  Section,
  Stack,
  Title,
  WallFigures,
  WallGrid,
  Words,
} from '../design';
import '../design/webfont';
import { useEvents } from '../events';
import { LineBand } from '../staff/LineBand';
import { StaffDoor } from '../staff/StaffDoor';
import { StaffHeader } from '../staff/StaffHeader';
import { useTitle } from '../staff/title';
import { useTopicLabel, useTopics } from '../staff/topics';
import { AnnounceDialog } from './AnnounceDialog';
import { Announcements } from './Announcements';
import { Tile } from './Tile';
import type { Wall } from './wall';

const Decisions = later(async () => (await import('../decisions/Waiting')).Waiting, 'decision');
const REFRESH_MS = 3_000; // lines change without an event

export function WallRoute() {
  const { t } = useTranslation('wall');
  return (
    <StaffDoor reading={t('reading')} failed={t('failed')}>
      {(person) => <WallPage person={person} />}
    </StaffDoor>
  );
}

function WallPage({ person }: { person: Person }) {
  const { t } = useTranslation('wall');
  const stream = useEvents();
  const wall = useQuery({
    queryKey: ['calls', 'wall'],
    queryFn: () => get('/wall'),
    refetchInterval: REFRESH_MS,
  });
  const { data } = wall;
  const broken = data?.tiles.filter(({ breaches }) => breaches.length > 0).length ?? 0;
  useTitle(broken > 0 ? t('titleBroken', { count: broken }) : t('title'));
  return (
    <Page
      width="desk"
      header={
        <>
          <StaffHeader person={person} />
          <LineBand stream={stream} listFrom={wall.dataUpdatedAt} />
        </>
      }
    >
      <Title hidden>{t('title')}</Title>
      <Suspense>
        <Decisions />
      </Suspense>
      {!data && (
        <Card pad={false}>
          {wall.isError ? (
            <Failed title={t('failed')} error={wall.error} onRetry={() => void wall.refetch()} />
          ) : (
            <Loading label={t('reading')} />
          )}
        </Card>
      )}
      {data && <Board wall={data} />}
    </Page>
  );
}

function Board({ wall }: { wall: Wall }) {
  const { t } = useTranslation('wall');
  const [isAnnouncing, setAnnouncing] = useState(false);
  const now = useClock(1000);
  const behind_ms = now - Date.parse(wall.at);
  const waiting = wall.tiles.filter(({ consultation }) => consultation?.state === 'waiting');
  const live = wall.tiles.filter(({ call }) => call.state === 'open').length;
  const longest = waiting.map(({ since }) => since).sort()[0];
  return (
    <>
      <WallFigures
        label={t('figures')}
        figures={[
          { key: 'live', label: t('live'), value: String(live), unit: t('unit') },
          { key: 'waiting', label: t('waiting'), value: String(waiting.length), unit: t('unit') },
          {
            key: 'longest',
            label: t('longest'),
            value: longest ? lasted(longest, now) : t('none'),
            isRed: wall.longest_wait_s !== null && wall.longest_wait_s > wall.limits.wait_s,
          },
          {
            key: 'free',
            label: t('free'),
            value: String(wall.free),
            unit: t('of', { count: wall.specialists }),
            isRed: wall.specialists > 0 && wall.free === 0,
          },
        ]}
        action={
          <Button look="second" icon={Megaphone} onClick={() => setAnnouncing(true)}>
            {t('announce.open')}
          </Button>
        }
      />
      <Beside
        side={
          <Stack gap={6}>
            <Desks wall={wall} />
            <Announcements />
          </Stack>
        }
      >
        {wall.tiles.length === 0 ? (
          <Card pad={false}>
            <Empty icon={Coffee} title={t('empty')}>
              {t('emptyMore')}
            </Empty>
          </Card>
        ) : (
          <WallGrid label={t('title')}>
            {wall.tiles.map((tile) => (
              <Tile key={tile.call.id} tile={tile} limits={wall.limits} now={now} />
            ))}
          </WallGrid>
        )}
        {behind_ms > 4 * REFRESH_MS && <Words voice="note">{t('asOf', { time: timeOf(wall.at) })}</Words>}
      </Beside>
      <AnnounceDialog open={isAnnouncing} onClose={() => setAnnouncing(false)} />
    </>
  );
}

function Desks({ wall }: { wall: Wall }) {
  const { t } = useTranslation('wall');
  const { data: topics } = useTopics();
  const label = useTopicLabel();
  const nameOf = (key: string) => {
    const topic = topics?.find((each) => each.key === key);
    return topic ? label(topic) : key;
  };
  return (
    <Section title={t('desks.title')}>
      {wall.desks.length === 0 ? (
        <Card>
          <Words voice="note">{t('desks.none')}</Words>
        </Card>
      ) : (
        <DataTable
          caption={t('desks.title')}
          rows={wall.desks}
          rowKey={({ topic }) => topic}
          columns={[
            { key: 'topic', label: t('desks.topic'), lead: true, cell: ({ topic }) => nameOf(topic) },
            { key: 'free', label: t('desks.free'), figures: true, cell: ({ free }) => <b>{free}</b> },
            { key: 'talking', label: t('desks.talking'), figures: true, cell: ({ talking }) => talking },
            { key: 'waiting', label: t('desks.waiting'), figures: true, cell: ({ waiting }) => waiting },
          ]}
        />
      )}
    </Section>
  );
}
