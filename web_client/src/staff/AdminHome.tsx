/** Administration: the accounts of staff, and the access log. */
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '../api';
import { later } from '../call/later';
import { Page, Tabs, TextSizeControl, Title } from '../design';
import { usePublic } from '../session';
import { AccessLog } from './AccessLog';
import { StaffAccounts } from './StaffAccounts';
import { StaffHeader } from './StaffHeader';
import { StaffList } from './StaffList';
import { useTitle } from './title';

const DeviceKeys = lazy(async () => ({ default: (await import('../stills/DeviceKeys')).DeviceKeys }));

const DecisionRules = later(
  async () => (await import('../decisions/DecisionRules')).DecisionRules,
  'decision',
);

const Catalogue = later(async () => (await import('../catalogue/Catalogue')).Catalogue, 'catalogue');

type Part = 'staff' | 'list' | 'services' | 'keys' | 'rules' | 'log';

export function AdminHome({ person }: { person: Person }) {
  const { t } = useTranslation('home');
  const [part, setPart] = useState<Part>('staff');
  const hasServices = usePublic()?.concierge ?? false;
  useTitle(t('admin.title'));
  return (
    <Page width="desk" header={<StaffHeader person={person} />} footer={<TextSizeControl />}>
      <Title>{t('admin.title')}</Title>
      <Tabs
        label={t('admin.title')}
        tabs={[
          { key: 'staff', label: t('admin.staff') },
          { key: 'list', label: t('admin.list') },
          ...(hasServices ? [{ key: 'services' as const, label: t('admin.services') }] : []),
          { key: 'keys', label: t('admin.keys') },
          { key: 'rules', label: t('admin.rules') },
          { key: 'log', label: t('admin.log') },
        ]}
        selected={part}
        onSelect={setPart}
      >
        {part === 'staff' && <StaffAccounts />}
        {part === 'list' && (
          <Suspense>
            <StaffList />
          </Suspense>
        )}
        {part === 'services' && (
          <Suspense>
            <Catalogue />
          </Suspense>
        )}
        {part === 'keys' && (
          <Suspense>
            <DeviceKeys />
          </Suspense>
        )}
        {part === 'rules' && (
          <Suspense>
            <DecisionRules />
          </Suspense>
        )}
        {part === 'log' && <AccessLog />}
      </Tabs>
    </Page>
  );
}
