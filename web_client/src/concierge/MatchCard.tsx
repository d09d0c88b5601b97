/** One entry in the panel of staff: why, what to confirm, whose; shown, looked at first, or put aside. */
import { Eye, ListChecks, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallCard } from '../api';
import { dateOf } from '../clock';
import { Button, Card, ErrorNotice, LinkButton, Row, Stack, Tag, Words } from '../design';
import { Preview } from './Preview';
import { ShownState } from './ShownNow';
import { type Choice, isForResidents, standing, useShow } from './useServices';

export function MatchCard({
  choice,
  callId,
  cards,
  onReject,
}: {
  choice: Choice;
  callId: string;
  cards: readonly CallCard[] | undefined;
  onReject: () => void;
}) {
  const { t, i18n } = useTranslation('guide');
  const { match } = choice;
  const show = useShow(callId);
  const [isLooking, setLooking] = useState(false);
  const shown = standing(cards, match);
  const day = (at: string) => dateOf(at, i18n.language);
  const reasons = match.reasons.slice(0, 2).map(({ why, words }) => t(`why_${why}`, { words }));
  const title = i18n.language === 'en' && match.title_en ? match.title_en : match.title;
  return (
    <Card as="article">
      <Stack gap={2}>
        <Row justify="between" align="start">
          <Words voice="strong" as="h3">
            {title}
          </Words>
          {match.is_over && <Tag>{t('over')}</Tag>}
          {shown && <Tag look="info">{t('standing')}</Tag>}
        </Row>
        <Words>{match.summary}</Words>
        <Words voice="note">{t('why', { reasons: reasons.join(' / ') })}</Words>
        {match.ends && !match.is_over && <Words>{t('until', { day: day(match.ends) })}</Words>}
        <Words voice="note">{t('contact', { contact: match.contact, phone: match.phone })}</Words>
        <Words voice="note">
          {match.updated
            ? t('source', { owner: match.owner, day: day(match.updated) })
            : t('source_undated', { owner: match.owner })}
        </Words>
        {show.isError && <ErrorNotice title={t('show_failed')} error={show.error} />}
        {shown ? (
          <ShownState shown={shown} callId={callId} />
        ) : (
          isForResidents(match) &&
          !match.is_over && (
            <Row gap={2}>
              <Button
                busy={show.isPending}
                busyLabel={t('showing')}
                aria-label={t('show_named', { title })}
                onClick={() => show.mutate(choice)}
              >
                {t('show')}
              </Button>
              <Button
                look="quiet"
                icon={Eye}
                aria-label={t('look_named', { title })}
                onClick={() => setLooking(true)}
              >
                {t('look')}
              </Button>
              <Button look="quiet" icon={X} aria-label={t('reject_named', { title })} onClick={onReject}>
                {t('reject')}
              </Button>
            </Row>
          )
        )}
        {match.kind === 'programme' && (
          <LinkButton
            look="second"
            size="small"
            icon={ListChecks}
            href={`/services/${encodeURIComponent(match.id)}/check`}
            target="_blank"
            aria-label={t('check_named', { title })}
          >
            {t('check')}
          </LinkButton>
        )}
      </Stack>
      {isLooking && (
        <Preview
          choice={choice}
          callId={callId}
          onClose={() => setLooking(false)}
          onShow={() => {
            setLooking(false);
            show.mutate(choice);
          }}
        />
      )}
    </Card>
  );
}
