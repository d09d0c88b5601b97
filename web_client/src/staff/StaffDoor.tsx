/** Before every screen of staff: who is signed in, or that this is being asked, or a way on where nobody answers. */
import type { ReactNode } from 'react';
import type { Person } from '../api';
import { Card, Failed, Loading, Page, TopBar } from '../design';
import { useStaff } from '../session';

export function StaffDoor({
  reading,
  failed,
  children,
}: {
  reading: string;
  failed: string;
  children: (person: Person) => ReactNode;
}) {
  const staff = useStaff();
  if (staff.state === 'in') return children(staff.person);
  return (
    <Page header={<TopBar />} width="form">
      {staff.state === 'failed' ? (
        <Card pad={false}>
          <Failed whole title={failed} error={staff.error} onRetry={staff.retry} />
        </Card>
      ) : (
        <Loading label={reading} />
      )}
    </Page>
  );
}
