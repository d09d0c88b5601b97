/** What was found: desks first where a person should listen, then services that fit, then what comes close and is said to. */
import { Phone } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallCard, ServiceMatch, ServicesFound } from '../api';
import { Button, Notice, Row, Section, Stack, Words } from '../design';
import { MatchCard } from './MatchCard';
import { type FoundBy, useReject } from './useServices';

export function Found({
  title,
  found,
  foundBy,
  none,
  pass,
  callId,
  cards,
}: {
  title: string;
  found: ServicesFound;
  foundBy: FoundBy;
  /** Said where nothing fits; otherwise that a person helps on. */
  none?: string;
  /** The way to a person, where nothing fits. */
  pass?: ReactNode;
  callId: string;
  cards: readonly CallCard[] | undefined;
}) {
  const { t } = useTranslation('guide');
  const [rejected, setRejected] = useState<ReadonlyMap<string, string>>(new Map());
  const reject = useReject();
  const left = found.matches.filter((match) => !rejected.has(keyOf(match)));
  const fitting = left.filter((match) => !match.is_close_only && !match.is_over);
  const close = left.filter((match) => match.is_close_only || match.is_over);
  const away = found.matches.filter((match) => rejected.has(keyOf(match)));
  const onReject = (match: ServiceMatch) => {
    setRejected(new Map([...rejected, [keyOf(match), match.title]]));
    if (foundBy.by === 'typed' && !found.is_sensitive) reject.mutate({ match, words: foundBy.words });
  };
  const list = (matches: readonly ServiceMatch[]) =>
    matches.map((match) => (
      <MatchCard
        key={keyOf(match)}
        choice={{ match, foundBy }}
        callId={callId}
        cards={cards}
        onReject={() => onReject(match)}
      />
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
        {list(fitting)}
        {fitting.length === 0 && close.length > 0 && (
          <>
            <Words>{t('close_hint')}</Words>
            {pass}
          </>
        )}
        {close.length > 0 && (
          <Words voice="strong" as="h3">
            {t('close')}
          </Words>
        )}
        {list(close)}
        {found.matches.length === 0 && found.desks.length === 0 && (
          <>
            <Words>{none ?? t('nothing')}</Words>
            {!none && pass}
          </>
        )}
        {away.map((match) => (
          <Row key={keyOf(match)} justify="between">
            <Words voice="note">{t('rejected', { title: match.title })}</Words>
            <Button
              size="small"
              look="quiet"
              aria-label={t('bring_back_named', { title: match.title })}
              onClick={() => setRejected(new Map([...rejected].filter(([key]) => key !== keyOf(match))))}
            >
              {t('bring_back')}
            </Button>
          </Row>
        ))}
      </Stack>
    </Section>
  );
}

function keyOf({ kind, id }: ServiceMatch): string {
  return `${kind} ${id}`;
}
