/** Who of the staff can be reached now, and where they are. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get, type Person } from '../api';
import { Card, Failed, Loading, NamePlate, PresenceTag, Section, Stack, Words } from '../design';

const REFRESH_MS = 60_000;

export function PresentStaff({ person }: { person: Person }) {
  const { t } = useTranslation('home');
  const staff = useQuery({
    queryKey: ['staff', ''],
    queryFn: () => get('/staff'),
    refetchInterval: REFRESH_MS,
  });
  const present = staff.data?.filter((each) => each.present && each.id !== person.id) ?? [];
  return (
    <Section title={t('present.title')}>
      <Card pad={staff.isSuccess}>
        {staff.isPending && <Loading label={t('present.reading')} />}
        {staff.isError && !staff.data && (
          <Failed title={t('present.failed')} error={staff.error} onRetry={() => void staff.refetch()} />
        )}
        {staff.data && (
          <Stack gap={4}>
            {present.length === 0 && <Words voice="note">{t('present.nobody')}</Words>}
            {present.map((each) => (
              <NamePlate
                key={each.id}
                person={each}
                size="small"
                letter
                action={<PresenceTag status={each.status} />}
              />
            ))}
          </Stack>
        )}
      </Card>
    </Section>
  );
}
