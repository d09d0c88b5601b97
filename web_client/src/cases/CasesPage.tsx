/** `/cases`: the cases this person may see, to search and to choose from; the address keeps what was chosen. */
import { FilePlus2, FolderSearch, Search } from 'lucide-react';
import { useDeferredValue } from 'react';
import { useTranslation } from 'react-i18next';
import {
  Announce,
  Card,
  Check,
  Empty,
  Failed,
  LinkButton,
  Loading,
  Notice,
  Row,
  SearchField,
  SegmentedControl,
  Stack,
  Title,
} from '../design';
import { useTitle } from '../staff/title';
import { CaseList } from './CaseList';
import { StaffPage } from './StaffPage';
import { useAddress } from './useAddress';
import { type Standing, useCases } from './useCases';

const STANDINGS = ['open', 'closed', 'all'] as const;

export function CasesPage() {
  const { t } = useTranslation('cases');
  useTitle(t('list.title'));
  return <StaffPage width="wide">{() => <Cases />}</StaffPage>;
}

function Cases() {
  const { t } = useTranslation('cases');
  const [address, choose] = useAddress();
  const q = address.get('q') ?? '';
  const status = STANDINGS.find((each) => each === address.get('status')) ?? 'open';
  const mine = address.get('mine') === '1';
  const cases = useCases({ q: useDeferredValue(q), status, mine });
  const found = cases.data?.cases ?? [];

  return (
    <Stack gap={4}>
      <Row justify="between">
        <Title>{t('list.title')}</Title>
        <LinkButton to="/cases/new" icon={FilePlus2}>
          {t('new.title')}
        </LinkButton>
      </Row>
      <Row gap={2}>
        <SearchField
          label={t('list.search')}
          icon={Search}
          value={q}
          onChange={(event) => choose('q', event.target.value)}
        />
      </Row>
      <Row>
        <SegmentedControl<Standing>
          label={t('list.standing')}
          choices={STANDINGS.map((key) => ({ key, label: t(`standing.${key}`) }))}
          selected={status}
          onSelect={(key) => choose('status', key === 'open' ? '' : key)}
        />
        <Check
          label={t('list.mine')}
          checked={mine}
          onChange={(event) => choose('mine', event.target.checked ? '1' : '')}
        />
      </Row>
      {cases.data && <Announce>{t('list.count', { count: found.length })}</Announce>}
      {found.length > 0 ? (
        <CaseList cases={found} label={t('list.title')} />
      ) : (
        <Card pad={false}>
          {cases.isPending && <Loading label={t('list.reading')} />}
          {cases.isError && !cases.data && (
            <Failed title={t('list.failed')} error={cases.error} onRetry={() => void cases.refetch()} />
          )}
          {cases.data && (
            <Empty icon={FolderSearch} title={t(q || mine ? 'list.nothing' : 'list.empty')}>
              <p>{t(q || mine ? 'list.nothingText' : 'list.emptyText')}</p>
            </Empty>
          )}
        </Card>
      )}
      {cases.data?.has_more && <Notice>{t('list.more')}</Notice>}
    </Stack>
  );
}
