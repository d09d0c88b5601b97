/** Documents and decisions of the house that say it: for staff alone, unless a document may be shown (公開区分). */
import { Check, EyeOff, FileText, Stamp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { StaffPaper } from '../api';
import {
  Button,
  Card,
  ErrorNotice,
  Failed,
  LinkButton,
  Row,
  Section,
  Stack,
  StatusLine,
  Tag,
  Words,
} from '../design';
import { day } from '../letter/day';
import { type usePapers, usePresent } from './useServices';

export function Papers({ papers, callId }: { papers: ReturnType<typeof usePapers>; callId: string }) {
  const { t } = useTranslation('guide');
  if (papers.isError) {
    const again = papers.variables;
    return (
      <Failed
        title={t('papers_failed')}
        error={papers.error}
        onRetry={() => again !== undefined && papers.mutate(again)}
      />
    );
  }
  const found = papers.data?.papers ?? [];
  if (found.length === 0) return null;
  return (
    <Section title={t('papers')}>
      <Stack gap={2}>
        <StatusLine icon={EyeOff} look="plain">
          {t('papers_hint')}
        </StatusLine>
        {found.map((paper) => (
          <PaperCard key={`${paper.kind} ${paper.id}`} paper={paper} callId={callId} />
        ))}
      </Stack>
    </Section>
  );
}

function PaperCard({ paper, callId }: { paper: StaffPaper; callId: string }) {
  const { t, i18n } = useTranslation('guide');
  const present = usePresent(callId);
  const { kind, title, owner } = paper;
  const id = encodeURIComponent(paper.id);
  const href = kind === 'document' ? `/documents?doc=${id}&page=${paper.page}` : `/decisions/${id}`;
  return (
    <Card as="article">
      <Stack gap={2}>
        <Row justify="between" align="start">
          <Words voice="strong" as="h3">
            {title}
          </Words>
          <Tag>{t(kind === 'decision' ? 'paper_decision' : `disclosure.${paper.disclosure}`)}</Tag>
        </Row>
        <Words voice="note">{t('paper_source', { owner, day: day(paper.day, i18n.language) })}</Words>
        {present.isError && <ErrorNotice title={t('present_failed')} error={present.error} />}
        {present.isSuccess && (
          <StatusLine icon={Check} live>
            {t(paper.may_show ? 'presented' : 'presented_to_staff')}
          </StatusLine>
        )}
        <Row gap={2}>
          <LinkButton
            look="second"
            size="small"
            icon={kind === 'document' ? FileText : Stamp}
            href={href}
            target="_blank"
            aria-label={t('open_paper_named', { title })}
          >
            {t('open_paper')}
          </LinkButton>
          {paper.surface && !present.isSuccess && (
            <Button
              look="quiet"
              size="small"
              busy={present.isPending}
              busyLabel={t('showing')}
              aria-label={t(paper.may_show ? 'present_named' : 'present_to_staff_named', { title })}
              onClick={() => present.mutate(paper.surface)}
            >
              {t(paper.may_show ? 'present' : 'present_to_staff')}
            </Button>
          )}
        </Row>
      </Stack>
    </Card>
  );
}
