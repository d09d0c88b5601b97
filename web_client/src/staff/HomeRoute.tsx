/** The first page after signing in, by role: who calls, who is called, who looks after accounts. */
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '../api';
import { AdminHome } from './AdminHome';
import { DeskHome } from './DeskHome';
import { FieldHome } from './FieldHome';
import { OperatorHome } from './OperatorHome';
import { StaffDoor } from './StaffDoor';
import '../design/webfont';

export function HomeRoute() {
  const { t, i18n } = useTranslation('home');
  useEffect(() => {
    const manifest = document.querySelector('link[rel=manifest]'); // what the app is installed as
    manifest?.setAttribute('href', i18n.language === 'en' ? '/genba-en.webmanifest' : '/genba.webmanifest');
  }, [i18n.language]);
  return (
    <StaffDoor reading={t('reading')} failed={t('unreachable')}>
      {(person) => <Home person={person} />}
    </StaffDoor>
  );
}

function Home({ person }: { person: Person }) {
  switch (person.role) {
    case 'field':
      return <FieldHome person={person} />;
    case 'specialist':
    case 'supervisor':
      return <DeskHome person={person} />;
    case 'admin':
      return <AdminHome person={person} />;
    case 'operator':
      return <OperatorHome person={person} />;
  }
}
