/** The decisions of a case, on its page, and the way to a new one. */
import { Download, Gavel, Stamp } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { urlOf } from '../api';
import { Button, Card, Empty, Failed, LinkButton, Loading, Row, Section, Sheet, Stack } from '../design';
import { DecisionList } from './DecisionList';
import { useDecisionsOf, usePropose } from './decisions';
import { forgetDraft, ProposalForm } from './ProposalForm';

export function CaseDecisions({ case_id, mayAdd }: { case_id: string; mayAdd: boolean }) {
  const { t } = useTranslation('decision');
  const navigate = useNavigate();
  const about = { case_id };
  const found = useDecisionsOf(about);
  const [isOpen, setOpen] = useState(false);
  const open = (id: string) => void navigate(`/decisions/${encodeURIComponent(id)}`);
  const propose = usePropose(about, ({ id }) => {
    forgetDraft(about);
    open(id);
  });
  const list = found.data;
  return (
    <Section
      title={t('list.title')}
      action={
        mayAdd && (
          <Button look="second" icon={Stamp} onClick={() => setOpen(true)}>
            {t('list.propose')}
          </Button>
        )
      }
    >
      <Stack gap={3}>
        {!list && (
          <Card pad={false}>
            {found.isError ? (
              <Failed title={t('list.failed')} error={found.error} onRetry={() => void found.refetch()} />
            ) : (
              <Loading label={t('list.reading')} lines={1} />
            )}
          </Card>
        )}
        {list?.length === 0 && (
          <Card pad={false}>
            <Empty icon={Gavel} title={t('list.empty')}>
              <p>{t('list.empty_more')}</p>
            </Empty>
          </Card>
        )}
        {list && list.length > 0 && (
          <>
            <DecisionList decisions={list} label={t('list.title')} onOpen={open} />
            <Row>
              <LinkButton
                look="quiet"
                size="small"
                icon={Download}
                href={urlOf('/cases/{case_id}/decisions.csv', { path: { case_id } })}
                download=""
              >
                {t('list.csv')}
              </LinkButton>
            </Row>
          </>
        )}
      </Stack>
      <Sheet open={isOpen} onClose={() => setOpen(false)} title={t('form.title')}>
        <ProposalForm
          about={about}
          busy={propose.isPending}
          error={propose.error}
          onSend={(proposal) => propose.mutate(proposal)}
        />
      </Sheet>
    </Section>
  );
}
