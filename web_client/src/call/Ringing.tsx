/** Over the stage while a call looks for somebody: who is rung, whose turn comes next, or which place one has. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Clock, PhoneForwarded, PhoneMissed } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { type Consultation, get, type Person, post } from '../api';
import { dateOf, lasted, timeOf, useClock } from '../clock';
import { Button, StageFacts, StageNotice } from '../design';
import { useHandOver } from './useHandOver';

const LOOK_AGAIN_MS = 5_000;

export function Ringing({ callId }: { callId: string }) {
  const { t, i18n } = useTranslation('ring');
  const queries = useQueryClient();
  const queryKey = ['calls', callId, 'consultation'];
  const { data, dataUpdatedAt } = useQuery({
    queryKey,
    queryFn: () => get('/calls/{call_id}/consultation', { path: { call_id: callId } }),
    refetchInterval: (query) => (query.state.data?.state === 'waiting' ? LOOK_AGAIN_MS : false),
  });
  const withdraw = useMutation({
    mutationFn: () => post('/calls/{call_id}/consultation/withdraw', { path: { call_id: callId } }),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
  const now = useClock(1000);
  const handOver = useHandOver(callId);
  if (handOver?.state === 'ringing') return null; // the band above says so, and more
  if (data?.state === 'ticket') {
    return (
      <StageNotice icon={PhoneMissed} title={t(data.here_from ? 'call.closed' : 'call.ticket')}>
        {data.here_from
          ? t('call.closedMore', {
              when: `${dateOf(data.here_from, i18n.language)} ${timeOf(data.here_from)}`,
            })
          : t('call.ticketMore')}
      </StageNotice>
    );
  }
  if (data?.state !== 'waiting') return null;
  const gone_s = (now - dataUpdatedAt) / 1000;
  return (
    <StageNotice
      icon={data.rung.length > 0 ? PhoneForwarded : Clock}
      tone="ok"
      title={<Title data={data} />}
      counter={lasted(data.asked_at, now)}
      below={data.rings.length > 0 && <States rings={data.rings} />}
      action={
        <Button size="small" look="plain" busy={withdraw.isPending} onClick={() => withdraw.mutate()}>
          {t('call.withdraw')}
        </Button>
      }
    >
      {data.next_in_s !== null && data.next_circle.length > 0
        ? t('call.next', {
            names: names(data.next_circle, t('joint')),
            seconds: Math.max(0, Math.ceil(data.next_in_s - gone_s)),
          })
        : t(data.rung.length > 0 ? 'call.stay' : 'call.stayWaiting')}
    </StageNotice>
  );
}

function Title({ data }: { data: Consultation }) {
  const { t } = useTranslation('ring');
  if (data.rung.length > 0) return t('call.ringing', { names: names(data.rung, t('joint')) });
  if (data.expected_wait_s === null) return t('call.nobody');
  const minutes = Math.max(1, Math.round(data.expected_wait_s / 60));
  return t('call.queued', { position: data.position, minutes });
}

/** How far the ringing came, person by person. */
function States({ rings }: { rings: Consultation['rings'] }) {
  const { t } = useTranslation('ring');
  return (
    <StageFacts
      label={t('call.rung')}
      facts={rings.map(({ person, state }) => [person.name, t(`call.state.${state}`)])}
    />
  );
}

function names(people: readonly Person[], joint: string): string {
  return people.map((person) => person.name).join(joint);
}
