/** `/cases/new`: a new case, perhaps about a call (`?call=`), whose words it begins with. */
import { useQuery } from '@tanstack/react-query';
import { FilePlus2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { get } from '../api';
import { Loading, Stack, Title, useToast } from '../design';
import { useTitle } from '../staff/title';
import { CaseForm, NEW } from './CaseForm';
import { StaffPage } from './StaffPage';
import { useAddress } from './useAddress';
import { useOpenCase } from './useCases';

export function NewCasePage() {
  const { t } = useTranslation('cases');
  useTitle(t('new.title'));
  return <StaffPage width="form">{() => <NewCase />}</StaffPage>;
}

function NewCase() {
  const { t } = useTranslation('cases');
  const navigate = useNavigate();
  const toast = useToast();
  const [address] = useAddress();
  const call_id = address.get('call');
  const call = useQuery({
    queryKey: ['calls', call_id],
    queryFn: () => get('/calls/{call_id}', { path: { call_id: call_id ?? '' } }),
    enabled: call_id !== null,
  });
  const open = useOpenCase((opened) => {
    toast({ text: t('new.done', { number: opened.number }), icon: FilePlus2 });
    void navigate(`/cases/${encodeURIComponent(opened.id)}`, { replace: true });
  });
  if (call.isLoading) return <Loading label={t('reading')} />;
  const begun = call.data;
  return (
    <Stack gap={6}>
      <Title lead={begun ? t('new.ofCall', { number: begun.number }) : t('new.lead')}>{t('new.title')}</Title>
      <CaseForm
        start={begun ? { ...NEW, title: begun.title, topic: begun.topic, place: begun.place } : NEW}
        send={(said) => open.mutate({ ...said, call_id: begun?.id ?? null })}
        sending={t('new.send')}
        busy={open.isPending || open.isSuccess}
        error={open.error}
        failed={t('new.failed')}
      />
    </Stack>
  );
}
