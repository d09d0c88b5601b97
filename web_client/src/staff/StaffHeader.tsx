/** The bar of signed-in pages: the date and time, the language, who is signed in, the way out. */
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Person } from '../api';
import { dateOf, timeOf, useClock } from '../clock';
import { LanguageControl, SignOutButton, TopBar, TopBarClock } from '../design';
import { useSignOut } from '../session';

const CALLING: readonly string[] = ['field', 'specialist', 'supervisor'];

export function StaffHeader({ person }: { person: Person }) {
  const { t, i18n } = useTranslation('home');
  const now = useClock(1000);
  const signOut = useSignOut();
  const navigate = useNavigate();
  const leave = async () => {
    if ('serviceWorker' in navigator) {
      const { turnOff } = await import('../push/device'); // the next person here is somebody else
      await turnOff().catch(() => undefined);
    }
    await signOut();
    await navigate('/sign-in', { replace: true });
  };
  const sections = CALLING.includes(person.role)
    ? [
        { to: '/', label: t('section.today') },
        ...(person.role === 'supervisor' ? [{ to: '/wall', label: t('section.wall') }] : []),
        { to: '/cases', label: t('section.cases') },
        { to: '/documents', label: t('section.documents') },
        { to: '/records', label: t('section.records') },
      ]
    : [];
  return (
    <TopBar person={person} sections={sections} aside={<SignOutButton onPress={() => void leave()} />}>
      <TopBarClock date={dateOf(now, i18n.language)} time={timeOf(now)} />
      <LanguageControl short />
    </TopBar>
  );
}
