/** 不在着信: what rang here until it was taken back; each is called back, or put aside once it was seen. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Check, PhoneCall, PhoneMissed } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { post, type RingEntry } from '../api';
import { lasted, timeOf, useClock } from '../clock';
import { Button, CallList, CallRow, Count, ErrorNotice, Row, Section, Stack, Tag } from '../design';
import { useEnter } from './calls';
import { useCallTitle } from './topics';

const CLOCK_MS = 30_000;

export function Missed({ missed }: { missed: readonly RingEntry[] }) {
  const { t } = useTranslation('ring');
  return (
    <Section
      title={t('desk.missed')}
      count={<Count value={missed.length} label={t('desk.count', { count: missed.length })} />}
    >
      <CallList label={t('desk.missed')}>
        {missed.map((ring) => (
          <MissedRow key={ring.consultation.id} ring={ring} />
        ))}
      </CallList>
    </Section>
  );
}

function MissedRow({ ring }: { ring: RingEntry }) {
  const { t } = useTranslation('ring');
  const title = useCallTitle()(ring);
  const now = useClock(CLOCK_MS);
  const enter = useEnter();
  const queries = useQueryClient();
  const path = { consultation_id: ring.consultation.id };
  const onSettled = () => queries.invalidateQueries({ queryKey: ['rings'] });
  const callBack = useMutation({
    mutationFn: () => post('/consultations/{consultation_id}/call-back', { path }),
    onSuccess: enter,
    onError: onSettled,
  });
  const seen = useMutation({
    mutationFn: () => post('/consultations/{consultation_id}/seen', { path }),
    onSettled,
  });
  const { asked_at } = ring.consultation;
  return (
    <CallRow
      time={timeOf(asked_at)}
      timeNote={t('desk.missedSince', { time: lasted(asked_at, now) })}
      title={title}
      lines={[[ring.host.name, ring.host.office, ring.place].filter(Boolean).join('　')]}
      tag={
        <Tag look="warn" icon={PhoneMissed}>
          {t('desk.missedOne')}
        </Tag>
      }
      action={
        <Stack gap={3}>
          <Row>
            <Button
              icon={PhoneCall}
              busy={callBack.isPending}
              busyLabel={t('desk.answering')}
              aria-label={t('desk.callBackNamed', { title })}
              onClick={() => callBack.mutate()}
            >
              {t('desk.callBack')}
            </Button>
            <Button
              look="plain"
              icon={Check}
              busy={seen.isPending}
              aria-label={t('desk.seenNamed', { title })}
              onClick={() => seen.mutate()}
            >
              {t('desk.seen')}
            </Button>
          </Row>
          {callBack.error && <ErrorNotice title={t('desk.callBackFailed')} error={callBack.error} />}
          {seen.error && <ErrorNotice title={t('desk.seenFailed')} error={seen.error} />}
        </Stack>
      }
    />
  );
}
