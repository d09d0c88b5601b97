/** What staff see of a hold and of a hand-over: that guests do not hear, with whom they talk, the note, the ways on. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ArrowLeftRight, CircleCheck, EarOff, PhoneForwarded, PhoneMissed, UserCheck } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type HandOver, post } from '../api';
import { lasted, useClock } from '../clock';
import { Button, ErrorNotice, PrivateBand, ToolButton } from '../design';
import { HandOverNote } from './HandOverNote';
import { isStaff } from './members';
import type { Command } from './shortcuts';
import type { LiveCall } from './useCall';
import { isUnderWay, useHandOver } from './useHandOver';

/** How a hand-over ended is news for so long. */
const NEWS_MS = 120_000;

export function StaffHold({
  callId,
  since,
  personId,
  asked,
}: {
  callId: string;
  since: string | null;
  personId: string;
  /** Counts how often somebody wished to switch, by key or by tool. */
  asked: number;
}) {
  const { t } = useTranslation('hold');
  const now = useClock(1000);
  const queries = useQueryClient();
  const latest = useHandOver(callId);
  const path = { call_id: callId };
  const onSettled = () => queries.invalidateQueries({ queryKey: ['calls', callId] });
  const hold = useMutation({ mutationFn: () => post('/calls/{call_id}/hold', { path }), onSettled });
  const release = useMutation({
    mutationFn: () => post('/calls/{call_id}/hold/release', { path }),
    onSettled,
  });
  const finish = useMutation({
    mutationFn: ({ id, isDone }: { id: string; isDone: boolean }) =>
      isDone
        ? post('/hand-overs/{hand_over_id}/complete', { path: { hand_over_id: id } })
        : post('/hand-overs/{hand_over_id}/cancel', { path: { hand_over_id: id } }),
    onSettled,
  });
  const heard = useRef(asked);
  useEffect(() => {
    if (heard.current === asked) return;
    heard.current = asked;
    if (since === null) hold.mutate();
    else release.mutate();
  }, [asked, since, hold, release]);

  const error = hold.error ?? release.error ?? finish.error;
  return (
    <>
      {error && <ErrorNotice title={t('failed')} error={error} />}
      {latest && (isUnderWay(latest) || since === null) ? (
        <Passing
          key={latest.id + latest.state}
          handOver={latest}
          isTaker={latest.taker.id === personId}
          since={since}
          now={now}
          busy={finish.isPending}
          onFinish={(isDone) => finish.mutate({ id: latest.id, isDone })}
        />
      ) : (
        since !== null && (
          <PrivateBand
            alarm
            icon={EarOff}
            title={t('private.title')}
            counter={lasted(since, now)}
            actions={
              <Button busy={release.isPending} onClick={() => release.mutate()}>
                {t('private.back')}
              </Button>
            }
          >
            {t('private.more')}
          </PrivateBand>
        )
      )}
    </>
  );
}

/** A hand-over under way, or how it ended. */
function Passing({
  handOver,
  isTaker,
  since,
  now,
  busy,
  onFinish,
}: {
  handOver: HandOver;
  isTaker: boolean;
  since: string | null;
  now: number;
  busy: boolean;
  onFinish: (isDone: boolean) => void;
}) {
  const { t } = useTranslation('hold');
  const [isClosed, setClosed] = useState(false);
  const name = isTaker ? handOver.giver.name : handOver.taker.name;
  const cancel = (words: string): ReactNode => (
    <Button look="plain" busy={busy} onClick={() => onFinish(false)}>
      {words}
    </Button>
  );
  const side = isTaker ? 'taker' : 'giver';
  if (handOver.state === 'ringing') {
    return (
      <PrivateBand
        icon={PhoneForwarded}
        title={t('ringing.title', { name: handOver.taker.name })}
        counter={lasted(handOver.started_at, now)}
        actions={cancel(t('ringing.stop'))}
      >
        {t('ringing.more')}
      </PrivateBand>
    );
  }
  if (handOver.state === 'talking') {
    return (
      <PrivateBand
        alarm
        icon={EarOff}
        title={t(`talking.title_${side}`, { name })}
        counter={since === null ? '' : lasted(since, now)}
        actions={
          <>
            <Button icon={ArrowLeftRight} busy={busy} onClick={() => onFinish(true)}>
              {t(`talking.done_${side}`)}
            </Button>
            {cancel(t('talking.cancel'))}
          </>
        }
        below={<HandOverNote handOver={handOver} />}
      >
        {t('talking.more')}
      </PrivateBand>
    );
  }
  const isNews = handOver.ended_at !== null && now - new Date(handOver.ended_at).getTime() < NEWS_MS;
  if (isClosed || (!isNews && handOver.state !== 'done')) return null;
  if (handOver.state === 'cancelled' || (handOver.state === 'done' && !isTaker && !isNews)) return null;
  const isDone = handOver.state === 'done';
  return (
    <PrivateBand
      icon={isDone ? (isTaker ? UserCheck : CircleCheck) : PhoneMissed}
      title={t(isDone ? `done.title_${side}` : 'unanswered.title', { name })}
      actions={
        <Button look="plain" onClick={() => setClosed(true)}>
          {t('close')}
        </Button>
      }
      below={isDone && isTaker && <HandOverNote handOver={handOver} />}
    >
      {t(isDone ? `done.more_${side}` : 'unanswered.more', { name })}
    </PrivateBand>
  );
}

/** The two tools: talking among staff needs another member of staff, handing over does not. */
export function HoldTools({ live, run }: { live: LiveCall; run: (command: Command) => void }) {
  const { t } = useTranslation('hold');
  const { members, holdSince } = live.snapshot;
  const isHeld = holdSince !== null;
  const hasColleague = members.some(({ isLocal, role }) => !isLocal && isStaff(role));
  return (
    <>
      {(hasColleague || isHeld) && (
        <ToolButton
          icon={EarOff}
          pressed={isHeld}
          label={t(isHeld ? 'tools.back' : 'tools.private')}
          onClick={() => run('private')}
        />
      )}
      <ToolButton icon={ArrowLeftRight} label={t('tools.handOver')} onClick={() => run('handOver')} />
    </>
  );
}
