/** The frame of the case screens: for whoever is signed in, with a way to sign in for whoever is not. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '../api';
import { Card, Failed, Loading, Page, TextSizeControl, TopBar } from '../design';
import { useEvents } from '../events';
import { useStaff } from '../session';
import { StaffHeader } from '../staff/StaffHeader';
import '../design/webfont';

export function StaffPage({
  width = 'desk',
  children,
}: {
  width?: 'form' | 'wide' | 'desk';
  children: (person: Person) => ReactNode;
}) {
  const { t } = useTranslation('cases');
  const staff = useStaff();
  if (staff.state === 'in')
    return (
      <Inside person={staff.person} width={width}>
        {children(staff.person)}
      </Inside>
    );
  return (
    <Page header={<TopBar />} width="form">
      {staff.state === 'failed' ? (
        <Card pad={false}>
          <Failed title={t('unreachable')} error={staff.error} onRetry={staff.retry} />
        </Card>
      ) : (
        <Loading label={t('reading')} />
      )}
    </Page>
  );
}

function Inside({
  person,
  width,
  children,
}: {
  person: Person;
  width: 'form' | 'wide' | 'desk';
  children: ReactNode;
}) {
  useEvents();
  return (
    <Page header={<StaffHeader person={person} />} footer={<TextSizeControl />} width={width}>
      {children}
    </Page>
  );
}
