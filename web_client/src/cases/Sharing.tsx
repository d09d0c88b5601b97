/** Who outside may read a case, until when, and exactly what they see; opened and closed by who is responsible. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Building2, Eye, Plus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CaseFile, get, post } from '../api';
import { dateOf } from '../clock';
import {
  Button,
  Card,
  Disclosure,
  Empty,
  ErrorNotice,
  Failed,
  Loading,
  Row,
  SegmentedControl,
  SelectField,
  Sheet,
  Stack,
  TextField,
  useToast,
  Words,
} from '../design';
import { SharedCaseView } from '../partner/SharedCaseView';
import type { components } from '../types';
import type { CaseActs } from './useCases';

type Organisation = components['schemas']['Organisation'];

const ORGANISATIONS = ['organisations'];
const KINDS = ['municipality', 'state', 'npo', 'company'] as const satisfies readonly Organisation['kind'][];
const DAYS = ['7', '30', '90'] as const;

export function useOrganisations(enabled = true) {
  return useQuery({ queryKey: ORGANISATIONS, queryFn: () => get('/organisations'), enabled });
}

export function Sharing({ shown, acts }: { shown: CaseFile; acts: CaseActs }) {
  const { t } = useTranslation('cases');
  const [open, setOpen] = useState<'add' | 'view' | null>(null);
  const close = () => setOpen(null);
  if (!shown.may_share && shown.shares.length === 0) return null;
  return (
    <Card>
      <Stack gap={3}>
        <Words voice="strong" as="h2">
          {t('sharing.title')}
        </Words>
        {shown.shares.length === 0 && <Words voice="note">{t('sharing.nobody')}</Words>}
        {shown.shares.map((share) => (
          <Share key={share.id} share={share} shown={shown} acts={acts} />
        ))}
        {acts.endShare.error && <ErrorNotice title={t('sharing.endFailed')} error={acts.endShare.error} />}
        {acts.mark.error && <ErrorNotice title={t('sharing.markFailed')} error={acts.mark.error} />}
        <Words voice="note">{t('sharing.what')}</Words>
        <Row>
          {shown.may_share && shown.status !== 'closed' && (
            <Button look="second" size="small" icon={Plus} onClick={() => setOpen('add')}>
              {t('sharing.add')}
            </Button>
          )}
          <Button look="quiet" size="small" icon={Eye} onClick={() => setOpen('view')}>
            {t('sharing.view')}
          </Button>
        </Row>
      </Stack>
      <Sheet open={open === 'add'} onClose={close} title={t('sharing.add')}>
        <Adding shown={shown} acts={acts} onDone={close} />
      </Sheet>
      <Sheet open={open === 'view'} onClose={close} title={t('sharing.view')}>
        <Preview id={shown.id} />
      </Sheet>
    </Card>
  );
}

function Share({
  share,
  shown,
  acts,
}: {
  share: CaseFile['shares'][number];
  shown: CaseFile;
  acts: CaseActs;
}) {
  const { t, i18n } = useTranslation('cases');
  const toast = useToast();
  const { name, id } = share.organisation;
  const days = Math.max(1, Math.ceil((Date.parse(share.until_at) - Date.now()) / 86_400_000));
  const end = () =>
    acts.endShare.mutate(share.id, {
      onSuccess: () =>
        toast({
          text: t('sharing.ended', { name }),
          action: { label: t('undo'), onPress: () => acts.share.mutate({ organisation_id: id, days }) },
        }),
    });
  return (
    <Stack gap={1}>
      <Words>{name}</Words>
      <Words voice="note">
        {t('sharing.until', { when: dateOf(share.until_at, i18n.language), name: share.shared_by })}
      </Words>
      {shown.may_change && (
        <Row>
          <Button
            look="quiet"
            size="small"
            busy={acts.endShare.isPending && acts.endShare.variables === share.id}
            aria-label={t('sharing.endNamed', { name })}
            onClick={end}
          >
            {t('sharing.end')}
          </Button>
        </Row>
      )}
    </Stack>
  );
}

function Adding({ shown, acts, onDone }: { shown: CaseFile; acts: CaseActs; onDone: () => void }) {
  const { t } = useTranslation('cases');
  const organisations = useOrganisations();
  const [whom, setWhom] = useState('');
  const [days, setDays] = useState<(typeof DAYS)[number]>('30');
  const shared = new Set(shown.shares.map((share) => share.organisation.id));
  const open = (organisations.data ?? []).filter((each) => !shared.has(each.id));
  const chosen = open.find((each) => each.id === whom) ?? open[0];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen) acts.share.mutate({ organisation_id: chosen.id, days: Number(days) }, { onSuccess: onDone });
  };
  if (organisations.isPending) return <Loading label={t('sharing.reading')} />;
  if (!organisations.data)
    return (
      <Failed
        title={t('sharing.listFailed')}
        error={organisations.error}
        onRetry={() => void organisations.refetch()}
      />
    );
  return (
    <Stack gap={6}>
      {chosen ? (
        <form onSubmit={submit}>
          <Stack gap={4}>
            <SelectField
              label={t('sharing.whom')}
              value={chosen.id}
              options={open.map(({ id, name, kind }) => ({
                value: id,
                label: `${name}（${t(`organisation.${kind}`)}）`,
              }))}
              onChange={(event) => setWhom(event.target.value)}
            />
            <SegmentedControl
              fill
              label={t('sharing.howLong')}
              choices={DAYS.map((key) => ({ key, label: t('sharing.days', { count: Number(key) }) }))}
              selected={days}
              onSelect={setDays}
            />
            <Words voice="note">{t('sharing.what')}</Words>
            {acts.share.error && <ErrorNotice title={t('sharing.failed')} error={acts.share.error} />}
            <Button type="submit" size="large" block busy={acts.share.isPending}>
              {t('sharing.send')}
            </Button>
          </Stack>
        </form>
      ) : (
        <Empty icon={Building2} title={t('sharing.noneLeft')}>
          <p>{t('sharing.noneLeftText')}</p>
        </Empty>
      )}
      <Disclosure summary={t('organisation.new')}>
        <NewOrganisation onMade={(made) => setWhom(made.id)} />
      </Disclosure>
    </Stack>
  );
}

function NewOrganisation({ onMade }: { onMade: (made: Organisation) => void }) {
  const { t } = useTranslation('cases');
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [kind, setKind] = useState<Organisation['kind']>('municipality');
  const add = useMutation({
    mutationFn: () => post('/organisations', { body: { name, kind } }),
    onSuccess: async (made) => {
      setName('');
      await queries.invalidateQueries({ queryKey: ORGANISATIONS });
      onMade(made);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) add.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap={4}>
        <Words voice="note">{t('organisation.who')}</Words>
        <TextField
          label={t('organisation.name')}
          value={name}
          maxLength={120}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
        <SelectField
          label={t('organisation.kind')}
          value={kind}
          options={KINDS.map((value) => ({ value, label: t(`organisation.${value}`) }))}
          onChange={(event) => setKind(KINDS.find((each) => each === event.target.value) ?? 'municipality')}
        />
        {add.error && <ErrorNotice title={t('organisation.failed')} error={add.error} />}
        <Button type="submit" look="second" busy={add.isPending}>
          {t('organisation.add')}
        </Button>
      </Stack>
    </form>
  );
}

function Preview({ id }: { id: string }) {
  const { t } = useTranslation('cases');
  const seen = useQuery({
    queryKey: ['cases', id, 'shared-view'],
    queryFn: () => get('/cases/{case_id}/shared-view', { path: { case_id: id } }),
  });
  if (seen.data) return <SharedCaseView shown={seen.data} />;
  if (seen.isPending) return <Loading label={t('case.reading')} />;
  return <Failed title={t('case.failed')} error={seen.error} onRetry={() => void seen.refetch()} />;
}
