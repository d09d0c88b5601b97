/**
 * `/partner` and `/partner/:id`: what an organisation that helps (協力機関) may read, for a guest who came by link and is
 * in the call or was a moment ago. No account, nothing to change; every reading is logged and the page says so.
 */
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, FolderX, LogIn } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { ApiError, get } from '../api';
import { CaseList } from '../cases/CaseList';
import {
  Card,
  Empty,
  Failed,
  LanguageControl,
  LinkButton,
  Loading,
  OfficeHeader,
  Page,
  Row,
  Stack,
  TextSizeControl,
  Title,
  Words,
} from '../design';
import { usePublic } from '../session';
import { useTitle } from '../staff/title';
import { SharedCaseView } from './SharedCaseView';
import '../design/webfont';

const REFRESH_MS = 60_000;

export function PartnerRoute() {
  const { t } = useTranslation(['partner', 'cases']);
  const [, , id = ''] = useLocation().pathname.split('/');
  const organisation = usePublic()?.organisation ?? '';
  useTitle(t('title'));
  return (
    <Page
      width="wide"
      header={<OfficeHeader organisation={organisation || 'Genba'} aside={<LanguageControl short />} />}
      footer={<TextSizeControl />}
    >
      {id ? <SharedCase id={decodeURIComponent(id)} /> : <SharedCases />}
      <Words voice="note">{t('logged')}</Words>
    </Page>
  );
}

function SharedCases() {
  const { t } = useTranslation('partner');
  const shared = useQuery({
    queryKey: ['partner', 'cases'],
    queryFn: () => get('/guest/cases'),
    refetchInterval: REFRESH_MS,
  });
  const found = shared.data?.cases ?? [];
  return (
    <Stack gap={4}>
      <Title lead={shared.data?.organisation ? t('lead', { name: shared.data.organisation }) : undefined}>
        {t('title')}
      </Title>
      {found.length > 0 ? (
        <CaseList cases={found} label={t('title')} at="/partner" />
      ) : (
        <Card pad={false}>
          {shared.isPending && <Loading label={t('reading')} />}
          {shared.isError && !shared.data && (
            <Refused error={shared.error} onRetry={() => void shared.refetch()} />
          )}
          {shared.data && (
            <Empty title={t('none')}>
              <p>{t('noneText')}</p>
            </Empty>
          )}
        </Card>
      )}
    </Stack>
  );
}

function SharedCase({ id }: { id: string }) {
  const { t } = useTranslation(['partner', 'cases']);
  const shared = useQuery({
    queryKey: ['partner', 'cases', id],
    queryFn: () => get('/guest/cases/{case_id}', { path: { case_id: id } }),
  });
  const back = (
    <LinkButton to="/partner" look="quiet" icon={ArrowLeft}>
      {t('toList')}
    </LinkButton>
  );
  if (!shared.data)
    return (
      <Card pad={false}>
        {shared.isPending ? (
          <Loading label={t('reading')} />
        ) : (
          <Refused whole error={shared.error} onRetry={() => void shared.refetch()} actions={back} />
        )}
      </Card>
    );
  return (
    <Stack gap={4}>
      <Row>{back}</Row>
      <Title lead={shared.data.number}>{shared.data.title}</Title>
      <SharedCaseView shown={shared.data} />
    </Stack>
  );
}

/** The visit is over, or it is not theirs to read, or the line failed: each has another way on. */
function Refused({
  error,
  onRetry,
  actions,
  whole = false,
}: {
  error: Error | null;
  onRetry: () => void;
  actions?: ReactNode;
  whole?: boolean;
}) {
  const { t } = useTranslation('partner');
  const status = error instanceof ApiError ? error.status : 0;
  if (status === 401)
    return (
      <Failed whole={whole} icon={LogIn} title={t('ended')} error={error}>
        <p>{t('endedText')}</p>
      </Failed>
    );
  if (status === 404)
    return (
      <Failed whole={whole} icon={FolderX} title={t('unknown')} error={error} actions={actions}>
        <p>{t('unknownText')}</p>
      </Failed>
    );
  return <Failed whole={whole} title={t('failed')} error={error} onRetry={onRetry} actions={actions} />;
}
