/** Operators look after the machine, not after people: nothing of the work is shown to them. */
import { Activity } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Person } from '../api';
import { Card, Clip, Empty, Page, Title } from '../design';
import { StaffHeader } from './StaffHeader';
import { useTitle } from './title';

export function OperatorHome({ person }: { person: Person }) {
  const { t } = useTranslation('home');
  useTitle(t('operator.title'));
  return (
    <Page width="form" header={<StaffHeader person={person} />}>
      <Title>{t('operator.title')}</Title>
      <Card pad={false}>
        <Empty icon={Activity} title={t('operator.empty')}>
          <p>{t('operator.text')}</p>
        </Empty>
      </Card>
      <Clip label={t('operator.command')} text="genba doctor" />
    </Page>
  );
}
