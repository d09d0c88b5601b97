/** The documents of a case, on its page; each opens in the library with the case around it. */
import { FileText, FileUp, Search } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import {
  Card,
  ChoiceRow,
  ChoiceRows,
  Empty,
  Failed,
  LinkButton,
  Loading,
  Row,
  Stack,
  Tag,
  Words,
} from '../design';
import { useDocuments } from './useLibrary';
import { DISCLOSURE_LOOK, useFacts } from './words';

const SHOWN = 5;

export function CaseDocuments({ case_id, mayAdd }: { case_id: string; mayAdd: boolean }) {
  const { t } = useTranslation('library');
  const facts = useFacts();
  const navigate = useNavigate();
  const found = useDocuments({
    q: '',
    exact: false,
    audience: 'staff',
    disclosure: [],
    kind: [],
    unit: [],
    tag: [],
    case: case_id,
    older: false,
    withdrawn: false,
  });
  const page = found.data?.pages[0];
  const here = `/documents?case=${encodeURIComponent(case_id)}`;
  return (
    <Card>
      <Stack gap={3}>
        <Words voice="strong" as="h2">
          {t('case.title')}
        </Words>
        {found.isPending && <Loading label={t('case.reading')} lines={1} />}
        {found.isError && !page && (
          <Failed title={t('case.failed')} error={found.error} onRetry={() => void found.refetch()} />
        )}
        {page?.total === 0 && <Empty icon={FileText} title={t('case.empty')} />}
        {page && page.total > 0 && (
          <ChoiceRows label={t('case.title')}>
            {page.documents.slice(0, SHOWN).map((each) => (
              <ChoiceRow
                key={each.id}
                title={each.title}
                note={facts(each)}
                tag={<Tag look={DISCLOSURE_LOOK[each.disclosure]}>{t(`disclosure.${each.disclosure}`)}</Tag>}
                onChoose={() => void navigate(`${here}&doc=${encodeURIComponent(each.id)}&page=1`)}
              />
            ))}
          </ChoiceRows>
        )}
        <Row gap={2}>
          {page && page.total > SHOWN && (
            <LinkButton look="quiet" size="small" to={here}>
              {t('case.all', { count: page.total })}
            </LinkButton>
          )}
          {mayAdd && (
            <>
              <LinkButton look="plain" size="small" icon={Search} to="/documents">
                {t('case.find')}
              </LinkButton>
              <LinkButton look="plain" size="small" icon={FileUp} to={`${here}&add=1`}>
                {t('case.add')}
              </LinkButton>
            </>
          )}
        </Row>
      </Stack>
    </Card>
  );
}
