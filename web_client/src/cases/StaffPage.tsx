/** The frame of the case screens: for whoever is signed in, with a way to sign in for whoever is not. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '../api';
import { Page, TextSizeControl } from '../design';
import { useEvents } from '../events';
import { StaffDoor } from '../staff/StaffDoor';
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
  return (
    <StaffDoor reading={t('reading')} failed={t('unreachable')}>
      {(person) => (
        <Inside person={person} width={width}>
          {children(person)}
        </Inside>
      )}
    </StaffDoor>
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
