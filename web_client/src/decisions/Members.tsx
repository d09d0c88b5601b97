/** The members from outside of a circulation: who opened it, who answered; who proposed it writes again or takes one back. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CalendarPlus, Send, UserX } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Decision, post } from '../api';
import { fromJapan, inJapan } from '../appointments/when';
import { dateOf, timeOf } from '../clock';
import {
  Button,
  Card,
  Columns,
  Dialog,
  ErrorNotice,
  Row,
  Section,
  Stack,
  Tag,
  type TagLook,
  TextField,
  Words,
} from '../design';
import { type DecisionActs, keepDecision } from './decisions';

type Circulation = NonNullable<Decision['circulation']>;
type Member = Circulation['outside'][number];
type Standing = 'withdrawn' | 'answered' | 'opened' | 'failed' | 'sent' | 'waiting';

const LOOKS: Record<Standing, TagLook> = {
  withdrawn: 'plain',
  answered: 'ok',
  opened: 'info',
  failed: 'danger',
  sent: 'info',
  waiting: 'draft',
};

export function Members({ decision, acts }: { decision: Decision; acts: DecisionActs }) {
  const { t } = useTranslation('decision');
  const { circulation, state, can } = decision;
  if (!circulation) return null;
  const isOwn = state === 'review' && can.includes('withdraw');
  return (
    <>
      {circulation.outside.length > 0 && (
        <Section title={t('outside.members')}>
          <Stack gap={3}>
            {circulation.outside.map((member) => (
              <OneMember key={member.id} decision={decision} member={member} isOwn={isOwn} />
            ))}
          </Stack>
        </Section>
      )}
      {isOwn && <MoreTime circulation={circulation} acts={acts} />}
    </>
  );
}

function standingOf({ is_withdrawn, has_answered, opened_at, mail }: Member): Standing {
  if (is_withdrawn) return 'withdrawn';
  if (has_answered) return 'answered';
  if (mail === 'failed') return 'failed';
  if (opened_at) return 'opened';
  return mail === 'sent' ? 'sent' : 'waiting';
}

function OneMember({ decision, member, isOwn }: { decision: Decision; member: Member; isOwn: boolean }) {
  const { t, i18n } = useTranslation(['decision', 'app']);
  const [isAsking, setAsking] = useState(false);
  const queries = useQueryClient();
  const path = { decision_id: decision.id, member_id: member.id };
  const onSuccess = (after: Decision) => {
    keepDecision(queries, after);
    setAsking(false);
  };
  const again = useMutation({
    mutationFn: () => post('/decisions/{decision_id}/members/{member_id}/send', { path }),
    onSuccess,
  });
  const withdraw = useMutation({
    mutationFn: () =>
      post('/decisions/{decision_id}/members/{member_id}/withdraw', { path, body: { seen: decision.hash } }),
    onSuccess,
  });
  const standing = standingOf(member);
  const error = again.error ?? withdraw.error;
  const when = member.opened_at
    ? `${dateOf(member.opened_at, i18n.language)} ${timeOf(member.opened_at)}`
    : '';
  return (
    <Card>
      <Stack gap={2}>
        <Row justify="between">
          <Words voice="strong">{[member.name, member.post].join('　')}</Words>
          <Tag look={LOOKS[standing]}>{t(`outside.standing.${standing}`)}</Tag>
        </Row>
        {when && <Words voice="note">{t('outside.opened', { when })}</Words>}
        {again.isSuccess && <Words voice="note">{t('outside.sent_again')}</Words>}
        {error && <ErrorNotice title={t('own.failed')} error={error} />}
        {isOwn && !member.is_withdrawn && !member.has_answered && (
          <Row>
            <Button
              size="small"
              look="plain"
              icon={Send}
              busy={again.isPending}
              onClick={() => again.mutate()}
            >
              {t('outside.again')}
            </Button>
            <Button size="small" look="danger-line" icon={UserX} onClick={() => setAsking(true)}>
              {t('outside.withdraw')}
            </Button>
          </Row>
        )}
      </Stack>
      <Dialog
        open={isAsking}
        onClose={() => setAsking(false)}
        title={t('outside.withdraw_title', { name: member.name })}
        actions={
          <>
            <Button look="danger" busy={withdraw.isPending} onClick={() => withdraw.mutate()}>
              {t('outside.withdraw')}
            </Button>
            <Button look="plain" onClick={() => setAsking(false)}>
              {t('app:cancel')}
            </Button>
          </>
        }
      >
        <Words>{t('outside.withdraw_more')}</Words>
      </Dialog>
    </Card>
  );
}

/** Another deadline, for everybody; who has not answered is told. */
function MoreTime({ circulation, acts: { handIn } }: { circulation: Circulation; acts: DecisionActs }) {
  const { t } = useTranslation(['decision', 'app']);
  const [isOpen, setOpen] = useState(false);
  const [until, setUntil] = useState(() => inJapan(circulation.until));
  const outside = circulation.outside.map(({ id }) => id);
  const voter_ids = circulation.voters.map(({ id }) => id).filter((id) => !outside.includes(id));
  const send = () =>
    handIn.mutate(
      {
        approver_id: null,
        voter_ids,
        quorum: circulation.quorum,
        until: fromJapan(until.date, until.time),
      },
      { onSuccess: () => setOpen(false) },
    );
  return (
    <Row>
      <Button look="plain" icon={CalendarPlus} onClick={() => setOpen(true)}>
        {t('circulation.longer')}
      </Button>
      <Dialog
        open={isOpen}
        onClose={() => setOpen(false)}
        title={t('circulation.longer')}
        actions={
          <>
            <Button busy={handIn.isPending} disabled={!until.date || !until.time} onClick={send}>
              {t('circulation.longer_send')}
            </Button>
            <Button look="plain" onClick={() => setOpen(false)}>
              {t('app:cancel')}
            </Button>
          </>
        }
      >
        <Stack gap={3}>
          <Columns>
            <TextField
              type="date"
              label={t('voters.date')}
              value={until.date}
              onChange={(event) => setUntil({ ...until, date: event.target.value })}
            />
            <TextField
              type="time"
              label={t('voters.time')}
              value={until.time}
              onChange={(event) => setUntil({ ...until, time: event.target.value })}
            />
          </Columns>
          {handIn.error && <ErrorNotice title={t('own.failed')} error={handIn.error} />}
        </Stack>
      </Dialog>
    </Row>
  );
}
