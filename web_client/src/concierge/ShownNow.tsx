/** What the guests have before them: whether they saw it, and the way to take it back. */
import { CircleCheck, Clock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { CallCard } from '../api';
import { timeOf } from '../clock';
import { Button, Card, ErrorNotice, Row, Section, Stack, StatusLine, Tag, Words } from '../design';
import { readingOf } from './paper';
import { usePutAway } from './useServices';

export function ShownNow({ callId, cards }: { callId: string; cards: readonly CallCard[] | undefined }) {
  const { t, i18n } = useTranslation('guide');
  const open = cards?.filter(({ put_away_at }) => put_away_at === null) ?? [];
  if (open.length === 0) return null;
  return (
    <Section title={t('shown_now')}>
      <Stack gap={2}>
        {open.toReversed().map((shown) => (
          <Card key={shown.card_id}>
            <Stack gap={2}>
              <Row justify="between" align="start">
                <Words voice="strong" as="h3">
                  {readingOf(shown.card, i18n.language).title}
                </Words>
                <Tag look="info">{t('standing')}</Tag>
              </Row>
              <ShownState shown={shown} callId={callId} />
            </Stack>
          </Card>
        ))}
      </Stack>
    </Section>
  );
}

/** Who saw it and since when, else since when it stands there; and しまう. */
export function ShownState({ shown, callId }: { shown: CallCard; callId: string }) {
  const { t, i18n } = useTranslation('guide');
  const putAway = usePutAway(callId);
  const title = readingOf(shown.card, i18n.language).title;
  const [first] = shown.seen;
  return (
    <Stack gap={2}>
      {putAway.isError && <ErrorNotice title={t('put_away_failed')} error={putAway.error} />}
      <Row justify="between">
        {first ? (
          <StatusLine icon={CircleCheck} live>
            {t(shown.seen.length > 1 ? 'seen_by_more' : 'seen_by', {
              time: timeOf(first.at),
              name: shown.seen.map(({ name }) => name).join('、') || t('guest'),
            })}
          </StatusLine>
        ) : (
          <StatusLine icon={Clock} look="plain" live>
            {t('not_seen_yet', { time: timeOf(shown.shown_at) })}
          </StatusLine>
        )}
        <Button
          look="second"
          size="small"
          busy={putAway.isPending}
          busyLabel={t('putting_away')}
          aria-label={t('put_away_named', { title })}
          onClick={() => putAway.mutate(shown.card_id)}
        >
          {t('put_away')}
        </Button>
      </Row>
    </Stack>
  );
}
