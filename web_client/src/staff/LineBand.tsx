/** Whether news still reach this page, in words; what is shown stays usable when they do not. */
import { WifiOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { timeOf } from '../clock';
import { Band, SignalFull } from '../design';
import type { StreamState } from '../events';

export function LineBand({ stream, listFrom }: { stream: StreamState; listFrom: number }) {
  const { t } = useTranslation('home');
  if (stream !== 'broken')
    return (
      <Band look="ok" icon={SignalFull}>
        {t('line.ok')}
      </Band>
    );
  return (
    <Band look="warn" icon={WifiOff}>
      {listFrom > 0 ? t('line.brokenList', { time: timeOf(listFrom) }) : t('line.broken')}
    </Band>
  );
}
