/** Among the staff's tools of a call: what was decided here, each to approve on the spot, and the form for one more. */
import { ArrowLeft, Plus, Stamp } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Failed, Loading, Sheet, Stack, ToolButton } from '../design';
import { DecisionList } from './DecisionList';
import { DecisionView } from './DecisionView';
import { useDecisionsOf, usePropose } from './decisions';
import { forgetDraft, ProposalForm } from './ProposalForm';

export function ProposeTool({ callId }: { callId: string }) {
  const { t } = useTranslation('decision');
  const [isOpen, setOpen] = useState(false);
  const { data } = useDecisionsOf({ call_id: callId });
  const waits = data?.filter(({ state }) => state === 'review' || state === 'oral').length ?? 0;
  return (
    <>
      <ToolButton
        icon={Stamp}
        label={t('tool')}
        {...(waits > 0 ? { mark: t('tool_waits', { count: waits }) } : {})}
        onClick={() => setOpen(true)}
      />
      <Sheet open={isOpen} onClose={() => setOpen(false)} title={t('list.title')}>
        <DecisionsOfCall callId={callId} />
      </Sheet>
    </>
  );
}

/** The list, one of it, or the form: all within the sheet, because leaving the page would leave the call. */
function DecisionsOfCall({ callId }: { callId: string }) {
  const { t } = useTranslation('decision');
  const about = { call_id: callId };
  const found = useDecisionsOf(about);
  const [shown, setShown] = useState<string | null>(null);
  const isEmpty = found.data?.length === 0;
  const propose = usePropose(about, ({ id }) => {
    forgetDraft(about);
    setShown(id);
  });
  const form = (
    <ProposalForm
      about={about}
      busy={propose.isPending}
      error={propose.error}
      onSend={(proposal) => propose.mutate(proposal)}
    />
  );
  const back = (
    <Button look="plain" icon={ArrowLeft} onClick={() => setShown(null)}>
      {t('to_list')}
    </Button>
  );
  if (shown === 'new') {
    return (
      <Stack gap={4}>
        {back}
        {form}
      </Stack>
    );
  }
  if (shown !== null) return <DecisionView id={shown} actions={back} />;
  return (
    <Stack gap={4}>
      {found.isError && !found.data && (
        <Failed title={t('list.failed')} error={found.error} onRetry={() => void found.refetch()} />
      )}
      {found.isPending && <Loading label={t('list.reading')} lines={1} />}
      {found.data && !isEmpty && (
        <>
          <DecisionList decisions={found.data} label={t('list.title')} onOpen={setShown} />
          <Button look="second" icon={Plus} onClick={() => setShown('new')}>
            {t('list.propose')}
          </Button>
        </>
      )}
      {isEmpty && form}
    </Stack>
  );
}
