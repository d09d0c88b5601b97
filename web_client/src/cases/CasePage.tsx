/** `/cases/:id`: one case with everything that happened, how it stands, where it is, and the call that goes on from it. */
import { useMutation } from '@tanstack/react-query';
import { FolderX, MessageSquarePlus, PhoneCall } from 'lucide-react';
import { type FormEvent, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CaseEntry, type CaseFile, post } from '../api';
import { later } from '../call/later';
import {
  Beside,
  Button,
  Card,
  ErrorNotice,
  Failed,
  LinkButton,
  Loading,
  Row,
  Section,
  SegmentedControl,
  Stack,
  Tag,
  TextArea,
  Title,
  useToast,
} from '../design';
import { useEnter } from '../staff/calls';
import { useTitle } from '../staff/title';
import { CaseSide } from './CaseSide';
import { STATUS_LOOK } from './caseWords';
import { Entries, FILTERS, type Filter } from './Entries';
import { StaffPage } from './StaffPage';
import { useAddress } from './useAddress';
import { type CaseActs, useCase, useCaseActs } from './useCases';

const CaseDecisions = later(
  async () => (await import('../decisions/CaseDecisions')).CaseDecisions,
  'decision',
);

export function CasePage({ id }: { id: string }) {
  return <StaffPage>{() => <OneCase id={id} />}</StaffPage>;
}

function OneCase({ id }: { id: string }) {
  const { t } = useTranslation('cases');
  const found = useCase(id);
  useTitle(found.data?.title ?? t('case.title'));
  if (found.data) return <CaseView shown={found.data} />;
  return (
    <Card pad={false}>
      {found.isError ? (
        <Failed
          whole
          icon={FolderX}
          title={t('case.failed')}
          error={found.error}
          onRetry={() => void found.refetch()}
          actions={
            <LinkButton to="/cases" look="plain">
              {t('case.toList')}
            </LinkButton>
          }
        />
      ) : (
        <Loading label={t('case.reading')} lines={5} />
      )}
    </Card>
  );
}

function CaseView({ shown }: { shown: CaseFile }) {
  const { t } = useTranslation('cases');
  const acts = useCaseActs(shown);
  const [address, choose] = useAddress();
  const filter = (Object.keys(FILTERS) as Filter[]).find((key) => key === address.get('show')) ?? 'all';
  return (
    <Beside side={<CaseSide shown={shown} acts={acts} />}>
      <Row justify="between" align="start">
        <Stack gap={2}>
          <Title lead={`${shown.number}${t('joint')}${t(`kind.${shown.kind}`)}`}>{shown.title}</Title>
          <Row>
            <Tag large look={STATUS_LOOK[shown.status]}>
              {t(`status.${shown.status}`)}
            </Tag>
            {shown.sensitivity === 3 && (
              <Tag large look="danger">
                {t('case.sensitive')}
              </Tag>
            )}
          </Row>
        </Stack>
        {shown.may_change && shown.status !== 'closed' && <CallFromHere shown={shown} />}
      </Row>
      <Suspense>
        <CaseDecisions case_id={shown.id} mayAdd={shown.status !== 'closed'} />
      </Suspense>
      <Section
        title={t('timeline.title')}
        action={
          <SegmentedControl<Filter>
            label={t('timeline.filter')}
            choices={(Object.keys(FILTERS) as Filter[]).map((key) => ({ key, label: t(`timeline.${key}`) }))}
            selected={filter}
            onSelect={(key) => choose('show', key === 'all' ? '' : key)}
          />
        }
      >
        <Stack gap={6}>
          <Comment acts={acts} />
          <Entries
            caseId={shown.id}
            entries={shown.timeline}
            filter={filter}
            actionFor={
              shown.may_change
                ? (entry) => <EntryAction entry={entry} shown={shown} acts={acts} />
                : undefined
            }
          />
        </Stack>
      </Section>
    </Beside>
  );
}

/** A call of this case, at the case's place; its topic rings at whoever knows. */
function CallFromHere({ shown }: { shown: CaseFile }) {
  const { t } = useTranslation('cases');
  const onSuccess = useEnter();
  const start = useMutation({
    mutationFn: () =>
      post('/calls', {
        body: { case_id: shown.id, title: shown.title, place: shown.place, topic: shown.topic },
      }),
    onSuccess,
  });
  return (
    <Stack gap={2}>
      <Button
        size="large"
        icon={PhoneCall}
        busy={start.isPending || start.isSuccess}
        busyLabel={t('case.starting')}
        onClick={() => start.mutate()}
      >
        {t('case.call')}
      </Button>
      {start.error && <ErrorNotice title={t('case.callFailed')} error={start.error} />}
    </Stack>
  );
}

function Comment({ acts: { comment } }: { acts: CaseActs }) {
  const { t } = useTranslation('cases');
  const [words, setWords] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (words.trim()) comment.mutate(words, { onSuccess: () => setWords('') });
  };
  return (
    <Card>
      <form onSubmit={submit}>
        <Stack gap={3}>
          <TextArea
            label={t('comment.label')}
            value={words}
            rows={2}
            maxLength={2000}
            onChange={(event) => setWords(event.target.value)}
          />
          {comment.error && <ErrorNotice title={t('comment.failed')} error={comment.error} />}
          <Row justify="end">
            <Button type="submit" look="second" icon={MessageSquarePlus} busy={comment.isPending}>
              {t('comment.send')}
            </Button>
          </Row>
        </Stack>
      </form>
    </Card>
  );
}

/** What others may ever be shown; the server holds to the same. */
const SHAREABLE: readonly CaseEntry['kind'][] = ['opened', 'closed', 'reopened', 'comment', 'call'];

function EntryAction({ entry, shown, acts }: { entry: CaseEntry; shown: CaseFile; acts: CaseActs }) {
  const { t } = useTranslation('cases');
  const mayMark = shown.may_share && shown.shares.length > 0 && SHAREABLE.includes(entry.kind);
  return (
    <>
      {entry.kind === 'call' && entry.call_id && (
        <CallAction call_id={entry.call_id} number={entry.text} isOver={entry.until !== null} acts={acts} />
      )}
      {entry.decision_id && (
        <LinkButton size="small" look="quiet" to={`/decisions/${encodeURIComponent(entry.decision_id)}`}>
          {t('entry.toDecision')}
        </LinkButton>
      )}
      {(mayMark || entry.shared) && (
        <Button
          size="small"
          look="quiet"
          busy={acts.mark.isPending && acts.mark.variables.entry_id === entry.id}
          onClick={() => acts.mark.mutate({ entry_id: entry.id, shared: !entry.shared })}
        >
          {t(entry.shared ? 'sharing.unmark' : 'sharing.mark')}
        </Button>
      )}
    </>
  );
}

/** A call that is in the wrong case is taken out, and put back when that was the mistake. */
function CallAction({
  call_id,
  number,
  isOver,
  acts,
}: {
  call_id: string;
  number: string;
  isOver: boolean;
  acts: CaseActs;
}) {
  const { t } = useTranslation('cases');
  const toast = useToast();
  const putBack = () => acts.link.mutate(call_id);
  const takeOut = () =>
    acts.unlink.mutate(call_id, {
      onSuccess: () =>
        toast({ text: t('case.unlinked', { number }), action: { label: t('undo'), onPress: putBack } }),
    });
  return (
    <>
      {!isOver && (
        <LinkButton size="small" look="second" to={`/calls/${encodeURIComponent(call_id)}`}>
          {t('case.enter')}
        </LinkButton>
      )}
      <Button
        size="small"
        look="quiet"
        busy={acts.unlink.isPending && acts.unlink.variables === call_id}
        aria-label={t('case.unlinkNamed', { number })}
        onClick={takeOut}
      >
        {t('case.unlink')}
      </Button>
    </>
  );
}
