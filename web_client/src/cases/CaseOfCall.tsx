/** In a call: the case it belongs to, or the way to put it into one. Pages of cases open beside the call. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { FilePlus2, FolderInput, FolderOpen } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '../api';
import {
  Button,
  Empty,
  ErrorNotice,
  Failed,
  LinkButton,
  Loading,
  PanelSubhead,
  SearchField,
  Sheet,
  Stack,
  Words,
} from '../design';
import { useCases } from './useCases';

const keyOf = (call_id: string) => ['calls', call_id, 'case'] as const;

export function CaseOfCall({ callId }: { callId: string }) {
  const { t } = useTranslation('cases');
  const [choosing, setChoosing] = useState(false);
  const { data } = useQuery({
    queryKey: keyOf(callId),
    queryFn: () => get('/calls/{call_id}/case', { path: { call_id: callId } }),
  });
  if (!data) return null; // a call goes on without it
  const found = data.case;
  return (
    <section>
      <PanelSubhead>{t('ofCall.title')}</PanelSubhead>
      <Stack gap={2}>
        {found ? (
          <>
            <Words voice="strong">{found.title}</Words>
            <LinkButton
              look="second"
              size="small"
              icon={FolderOpen}
              href={`/cases/${encodeURIComponent(found.id)}`}
              target="_blank"
            >
              {found.number}
            </LinkButton>
          </>
        ) : (
          <>
            <Words voice="note">{t('ofCall.none')}</Words>
            <Button look="second" size="small" icon={FolderInput} onClick={() => setChoosing(true)}>
              {t('ofCall.choose')}
            </Button>
          </>
        )}
      </Stack>
      <Sheet open={choosing} onClose={() => setChoosing(false)} title={t('ofCall.choose')}>
        <Choice callId={callId} onDone={() => setChoosing(false)} />
      </Sheet>
    </section>
  );
}

function Choice({ callId, onDone }: { callId: string; onDone: () => void }) {
  const { t } = useTranslation('cases');
  const queries = useQueryClient();
  const [q, setQ] = useState('');
  const cases = useCases({ q: useDeferredValue(q), status: 'open', mine: false });
  const link = useMutation({
    mutationFn: (case_id: string) =>
      post('/cases/{case_id}/calls', { path: { case_id }, body: { call_id: callId } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: keyOf(callId) });
      onDone();
    },
  });
  const found = cases.data?.cases ?? [];
  return (
    <Stack gap={4}>
      <Words>{t('ofCall.chooseText')}</Words>
      <SearchField
        label={t('list.search')}
        icon={FolderInput}
        value={q}
        onChange={(event) => setQ(event.target.value)}
      />
      {link.error && <ErrorNotice title={t('ofCall.failed')} error={link.error} />}
      {cases.isPending && <Loading label={t('list.reading')} />}
      {cases.isError && !cases.data && (
        <Failed title={t('list.failed')} error={cases.error} onRetry={() => void cases.refetch()} />
      )}
      {cases.data && found.length === 0 && <Empty title={t(q ? 'list.nothing' : 'list.empty')} />}
      {found.map((each) => (
        <Button
          key={each.id}
          look="plain"
          block
          busy={link.isPending && link.variables === each.id}
          onClick={() => link.mutate(each.id)}
        >
          {each.number} {each.title}
        </Button>
      ))}
      <LinkButton
        look="second"
        icon={FilePlus2}
        href={`/cases/new?call=${encodeURIComponent(callId)}`}
        target="_blank"
      >
        {t('ofCall.new')}
      </LinkButton>
      <Words voice="note">{t('ofCall.newTab')}</Words>
    </Stack>
  );
}
