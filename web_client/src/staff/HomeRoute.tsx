/** The first page after signing in, by role: who calls, who is called, who looks after accounts. */
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Card, Failed, Loading, Page, TopBar } from '../design';
import { useStaff } from '../session';
import { AdminHome } from './AdminHome';
import { DeskHome } from './DeskHome';
import { FieldHome } from './FieldHome';
import { OperatorHome } from './OperatorHome';
import '../design/webfont';

export function HomeRoute() {
  const { t, i18n } = useTranslation('home');
  const staff = useStaff();
  useEffect(() => {
    const manifest = document.querySelector('link[rel=manifest]'); // what the app is installed as
    manifest?.setAttribute('href', i18n.language === 'en' ? '/genba-en.webmanifest' : '/genba.webmanifest');
  }, [i18n.language]);
  if (staff.state === 'in') {
    switch (staff.person.role) {
      case 'field':
        return <FieldHome person={staff.person} />;
      case 'specialist':
      case 'supervisor':
        return <DeskHome person={staff.person} />;
      case 'admin':
        return <AdminHome person={staff.person} />;
      case 'operator':
        return <OperatorHome person={staff.person} />;
    }
  }
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
