/** On the homes of those who are rung: whether this device is woken by rings, and the way to change that. */
import { BellOff, BellRing } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Card, LinkButton, Section, Stack, StatusLine } from '../design';
import { usePush } from './usePush';

export function PushLine() {
  const { t } = useTranslation('push');
  const state = usePush().push.data?.state;
  if (!state) return null;
  return (
    <Section title={t('title')}>
      <Card>
        <Stack gap={3}>
          <StatusLine icon={state === 'on' ? BellRing : BellOff} look={state === 'on' ? 'ok' : 'plain'}>
            {t(`line.${state}`)}
          </StatusLine>
          <LinkButton look="plain" size="small" to="/notifications">
            {t('line.change')}
          </LinkButton>
        </Stack>
      </Card>
    </Section>
  );
}
