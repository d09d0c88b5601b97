/** Whether news still reach this page, in words; what is shown stays usable when they do not. */
import { ServerOff, WifiOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { timeOf } from '../clock';
import { Band, LinkButton, SignalFull } from '../design';
import type { StreamState } from '../events';

export function LineBand({ stream, listFrom }: { stream: StreamState; listFrom: number }) {
  const { t } = useTranslation('home');
  const check = (
    <LinkButton look="quiet" size="small" to="/check">
      {t('line.check')}
    </LinkButton>
  );
  if (stream === 'opening' || stream === 'open')
    return (
      <Band look="ok" icon={SignalFull} aside={check}>
        {t('line.ok')}
      </Band>
    );
  if (stream === 'alone')
    return (
      <Band look="warn" icon={ServerOff} aside={check}>
        {t('line.alone')}
      </Band>
    );
  return (
    <Band look="warn" icon={WifiOff} aside={check}>
      {listFrom > 0 ? t('line.brokenList', { time: timeOf(listFrom) }) : t('line.broken')}
    </Band>
  );
}
