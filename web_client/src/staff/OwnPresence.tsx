/** 「あなたの状態」: where one works today, said with one tap; colleagues see it at once. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Building2, Car, House, type LucideIcon, MapPin, MoonStar } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { get, post, type StaffEntry } from '../api';
import { dateOf, hoursOf, timeOf } from '../clock';
import { Card, ChoiceGrid, ErrorNotice, Failed, PresenceTag, Section, Stack, Words } from '../design';

type Said = 'office' | 'trip' | 'home' | 'satellite' | 'absent';

const PICTURES: Record<Said, LucideIcon> = {
  office: Building2,
  trip: Car,
  home: House,
  satellite: MapPin,
  absent: MoonStar,
};
const CHOICES = Object.keys(PICTURES) as Said[];
const OWN = ['staff', 'own'];

export function OwnPresence() {
  const { t, i18n } = useTranslation(['home', 'app']);
  const own = useQuery({ queryKey: OWN, queryFn: () => get('/me/presence') });
  const say = useSay();
  const { data } = own;
  return (
    <Section
      title={t('presence.title')}
      count={data && data.status !== saidOf(data) && <PresenceTag status={data.status} />}
    >
      <Card>
        {own.isError && !data ? (
          <Failed title={t('presence.failed')} error={own.error} onRetry={() => void own.refetch()} />
        ) : (
          <Stack gap={3}>
            <ChoiceGrid
              label={t('presence.title')}
              choices={CHOICES.map((key) => ({ key, label: t(`app:presence.${key}`), icon: PICTURES[key] }))}
              selected={data && saidOf(data)}
              onSelect={say.mutate}
            />
            {say.error && <ErrorNotice title={t('presence.sayFailed')} error={say.error} />}
            {data && (
              <Words voice="note">
                {data.here_from
                  ? t('presence.outside', {
                      date: dateOf(data.here_from, i18n.language),
                      time: timeOf(data.here_from),
                    })
                  : t('presence.hours', { hours: hoursOf(data.hours, i18n.language) })}
              </Words>
            )}
          </Stack>
        )}
      </Card>
    </Section>
  );
}

/** Whoever says nothing is at the desk. */
function saidOf(entry: StaffEntry): Said {
  return entry.said && entry.said !== 'busy' ? entry.said : 'office';
}

/** Shows the choice at once, and takes it back when the server does not. */
function useSay() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (status: Said) => post('/me/presence', { body: { status } }),
    onMutate: async (status) => {
      await queries.cancelQueries({ queryKey: OWN });
      const before = queries.getQueryData<StaffEntry>(OWN);
      if (before) queries.setQueryData(OWN, { ...before, said: status });
      return before;
    },
    onSuccess: (answer) => queries.setQueryData(OWN, answer),
    onError: (_error, _status, before) => queries.setQueryData(OWN, before),
  });
}
