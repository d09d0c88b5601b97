/** `/documents`: the library, for whoever is signed in. */
import { useTranslation } from 'react-i18next';
import { StaffDoor } from '../staff/StaffDoor';
import '../design/webfont';
import { LibraryPage } from './LibraryPage';

export function LibraryRoute() {
  const { t } = useTranslation('library');
  return (
    <StaffDoor reading={t('reading')} failed={t('unreachable')}>
      {(person) => <LibraryPage person={person} />}
    </StaffDoor>
  );
}
