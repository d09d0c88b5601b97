/** 知らせ: what was lately said to the office in one sentence; news is also shown to those in a call. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get } from '../api';
import { timeOf } from '../clock';
import { Card, Failed, Loading, Section, Stack, Words } from '../design';

export function useAnnouncements() {
  return useQuery({ queryKey: ['announcements'], queryFn: () => get('/announcements') });
}

export function Announcements() {
  const { t } = useTranslation('wall');
  const { data, isPending, isError, error, refetch } = useAnnouncements();
  return (
    <Section title={t('news.title')}>
      <Card pad={data !== undefined}>
        {isPending && <Loading label={t('news.reading')} />}
        {isError && !data && <Failed title={t('news.failed')} error={error} onRetry={() => void refetch()} />}
        {data?.length === 0 && <Words voice="note">{t('news.none')}</Words>}
        {data && data.length > 0 && (
          <Stack gap={4}>
            {data.map((each) => (
              <Stack key={each.id} gap={1}>
                <Words voice="body">{each.text}</Words>
                <Words voice="note">
                  {t('news.by', { sender: each.sender, time: timeOf(each.sent_at) })}
                </Words>
              </Stack>
            ))}
          </Stack>
        )}
      </Card>
    </Section>
  );
}
