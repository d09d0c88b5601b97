/** What was found: desks first where a person should listen, then services that fit, then what comes close and is said to. */
import { Check, ListChecks, Phone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ServiceMatch, ServicesFound } from '../api';
import { dateOf } from '../clock';
import {
  Button,
  Card,
  ErrorNotice,
  LinkButton,
  Notice,
  Row,
  Section,
  Stack,
  StatusLine,
  Tag,
  Words,
} from '../design';
import { isForResidents, type ShownLanguage, useShow } from './useServices';

export function Found({
  title,
  found,
  none,
  callId,
  language,
}: {
  title: string;
  found: ServicesFound;
  /** Said where nothing fits; otherwise that a person helps on. */
  none?: string;
  callId: string;
  language: ShownLanguage;
}) {
  const { t } = useTranslation('guide');
  const fitting = found.matches.filter((match) => !match.is_close_only && !match.is_over);
  const close = found.matches.filter((match) => match.is_close_only || match.is_over);
  const cards = (matches: readonly ServiceMatch[]) =>
    matches.map((match) => (
      <ServiceCard key={`${match.kind} ${match.id}`} match={match} callId={callId} language={language} />
    ));
  return (
    <Section title={title}>
      <Stack gap={3}>
        {found.desks.length > 0 && (
          <Notice look="warn" icon={Phone} title={t('desks')} live>
            <Stack gap={1}>
              {found.desks.map(({ name, phone, hours }) => (
                <Words key={name}>{[name, phone, hours].filter(Boolean).join('　')}</Words>
              ))}
              <Words voice="note">{t('desks_hint')}</Words>
            </Stack>
          </Notice>
        )}
        {cards(fitting)}
        {fitting.length === 0 && close.length > 0 && <Words>{t('close_hint')}</Words>}
        {close.length > 0 && (
          <Words voice="strong" as="h3">
            {t('close')}
          </Words>
        )}
        {cards(close)}
        {found.matches.length === 0 && found.desks.length === 0 && <Words>{none ?? t('nothing')}</Words>}
      </Stack>
    </Section>
  );
}

function ServiceCard({
  match,
  callId,
  language,
}: {
  match: ServiceMatch;
  callId: string;
  language: ShownLanguage;
}) {
  const { t, i18n } = useTranslation('guide');
  const show = useShow(callId);
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
        {show.isError && <ErrorNotice title={t('show_failed')} error={show.error} />}
        {show.isSuccess && (
          <StatusLine icon={Check} live>
            {t('shown')}
          </StatusLine>
        )}
        {isForResidents(match) && !match.is_over && !show.isSuccess && (
          <Button
            busy={show.isPending}
            busyLabel={t('showing')}
            aria-label={t('show_named', { title })}
            onClick={() => show.mutate({ match, language })}
          >
            {t('show')}
          </Button>
        )}
      </Stack>
    </Card>
  );
}
