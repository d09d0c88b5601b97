/** On the homes: the cases that go on, the last changed first, and the way to a new one. Without them the home goes on. */
import { FilePlus2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { LinkButton, Row, Section, Stack } from '../design';
import { CaseList } from './CaseList';
import { useCases } from './useCases';

const SHOWN = 3;

export function HomeCases() {
  const { t } = useTranslation('cases');
  const { data } = useCases({ q: '', status: 'open', mine: false });
  return (
    <Section
      title={t('home.title')}
      action={
        <LinkButton to="/cases/new" look="second" icon={FilePlus2}>
          {t('new.title')}
        </LinkButton>
      }
    >
      <Stack gap={3}>
        {data && data.cases.length > 0 && (
          <CaseList cases={data.cases.slice(0, SHOWN)} label={t('home.title')} />
        )}
        <Row>
          <LinkButton to="/cases" look="quiet">
            {t('home.all')}
          </LinkButton>
        </Row>
      </Stack>
    </Section>
  );
}
