/** What rings here: one card each, to answer, to put off or to leave to the next; and the calls that are owed. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Phone, PhoneCall, PhoneIncoming } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post, type RingEntry } from '../api';
import { HandOverNote } from '../call/HandOverNote';
import { lasted, timeOf, useClock } from '../clock';
import {
  Announce,
  Button,
  CallCard,
  Count,
  ErrorNotice,
  Facts,
  NamePlate,
  PhoneLink,
  Row,
  Section,
  Stack,
  Words,
} from '../design';
import { BookTicket } from './BookTicket';
import { CloseTicket } from './CloseTicket';
import { useEnter } from './calls';
import { Missed } from './Missed';
import { startTone } from './ringTone';
import { useTitle } from './title';
import { useCallTitle } from './topics';

const REFRESH_MS = 15_000;

export function useRings() {
  return useQuery({ queryKey: ['rings'], queryFn: () => get('/rings'), refetchInterval: REFRESH_MS });
}

/** The title of a home page: that it rings, else what it says otherwise. */
export function useRingingTitle(otherwise: string): void {
  const { t } = useTranslation('ring');
  const { data } = useRings();
  useTitle(data && data.rings.length > 0 ? t('desk.tab') : otherwise);
}

export function Rings() {
  const { t } = useTranslation('ring');
  const { data, dataUpdatedAt } = useRings();
  const rings = data?.rings ?? [];
  const tickets = data?.tickets ?? [];
  const missed = data?.missed ?? [];
  useTone(rings.length > 0);
  return (
    <>
      <Cards title={t('desk.title')} rings={rings} at={dataUpdatedAt} />
      <Cards title={t('desk.tickets')} rings={tickets} at={dataUpdatedAt} />
      {missed.length > 0 && <Missed missed={missed} />}
    </>
  );
}

function Cards({ title, rings, at }: { title: string; rings: readonly RingEntry[]; at: number }) {
  const { t } = useTranslation('ring');
  if (rings.length === 0) return null;
  return (
    <Section
      title={title}
      count={<Count value={rings.length} label={t('desk.count', { count: rings.length })} />}
    >
      <Stack gap={6}>
        {rings.map((ring) => (
          <Card key={ring.consultation.id} ring={ring} at={at} />
        ))}
      </Stack>
    </Section>
  );
}

function Card({ ring, at }: { ring: RingEntry; at: number }) {
  const { t } = useTranslation('ring');
  const titleOf = useCallTitle();
  const now = useClock(1000);
  const enter = useEnter();
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: ['rings'] });
  const path = { consultation_id: ring.consultation.id };
  const accept = useMutation({
    mutationFn: () => post('/consultations/{consultation_id}/accept', { path }),
    onSuccess: enter,
    onError: onSettled,
  });
  const decline = useMutation({
    mutationFn: (later: boolean) =>
      post('/consultations/{consultation_id}/decline', { path, body: { later } }),
    onSettled,
  });
  const isTicket = ring.consultation.state === 'ticket';
  useShown(ring.consultation.id, !isTicket);
  const title = titleOf(ring);
  const next_s = ring.consultation.next_in_s;
  return (
    <CallCard
      wide
      banner={
        <>
          <PhoneIncoming size={24} aria-hidden />
          {t(isTicket ? 'desk.owed' : 'desk.ringing')}
        </>
      }
      clock={t(isTicket ? 'desk.since' : 'desk.for', { time: lasted(ring.consultation.asked_at, now) })}
      title={title}
      side={
        <Facts
          facts={[
            ...(ring.place ? ([[t('desk.place'), ring.place]] as const) : []),
            [t('desk.askedAt'), timeOf(ring.consultation.asked_at)],
            [t('desk.number'), ring.number],
          ]}
        />
      }
      actions={
        <Stack gap={3}>
          <Row>
            <Button
              size="large"
              icon={isTicket ? PhoneCall : Phone}
              busy={accept.isPending}
              busyLabel={t('desk.answering')}
              aria-label={t(isTicket ? 'desk.callBackNamed' : 'desk.answerNamed', { title })}
              onClick={() => accept.mutate()}
            >
              {t(isTicket ? 'desk.callBack' : 'desk.answer')}
            </Button>
            {!isTicket && (
              <>
                <Button size="large" look="second" onClick={() => decline.mutate(true)}>
                  {t('desk.later')}
                </Button>
                <Button size="large" look="plain" onClick={() => decline.mutate(false)}>
                  {t('desk.pass')}
                </Button>
              </>
            )}
            {isTicket && (
              <BookTicket ticket={{ id: ring.consultation.id, name: ring.call_back_name ?? '', title }} />
            )}
            {isTicket && <CloseTicket id={ring.consultation.id} title={title} />}
          </Row>
          {isTicket && ring.call_back_phone && (
            <PhoneLink number={ring.call_back_phone} words={t('desk.phone', { name: ring.call_back_name })} />
          )}
          {accept.error && <ErrorNotice title={t('desk.answerFailed')} error={accept.error} />}
          {decline.error && <ErrorNotice title={t('desk.passFailed')} error={decline.error} />}
          {!isTicket && next_s !== null && ring.consultation.next_circle.length > 0 && (
            <Words voice="note">
              {t('desk.next', {
                names: ring.consultation.next_circle.map(({ name }) => name).join(t('joint')),
                seconds: Math.max(0, Math.ceil(next_s - (now - at) / 1000)),
              })}
            </Words>
          )}
        </Stack>
      }
    >
      {!isTicket && <Announce>{t('desk.announce', { title, name: ring.host.name })}</Announce>}
      <NamePlate person={ring.host} letter />
      {ring.hand_over && <HandOverNote handOver={ring.hand_over} />}
    </CallCard>
  );
}

/** Says that this page shows the ring, once somebody could see it: whoever waits is told, and no device is woken. */
function useShown(consultation_id: string, isRinging: boolean): void {
  useEffect(() => {
    if (!isRinging) return undefined;
    const say = () => {
      if (document.visibilityState !== 'visible') return;
      document.removeEventListener('visibilitychange', say);
      void post('/consultations/{consultation_id}/shown', { path: { consultation_id } }).catch(
        () => undefined,
      );
    };
    document.addEventListener('visibilitychange', say);
    say();
    return () => document.removeEventListener('visibilitychange', say);
  }, [consultation_id, isRinging]);
}

/** Sounds while something rings; a page that nobody has touched yet may not, then the title alone says it. */
function useTone(isOn: boolean): void {
  useEffect(() => (isOn ? startTone() : undefined), [isOn]);
}
