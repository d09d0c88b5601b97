/** Where a case is: address and position in words, on a drawn plate. */
import { MapPin } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { CaseBrief } from '../api';
import { LinkButton, PinPlate, Stack } from '../design';
import { positionInFigures, positionOf } from './caseWords';

export function Place({ of }: { of: Pick<CaseBrief, 'place' | 'latitude' | 'longitude'> }) {
  const { t } = useTranslation('cases');
  const position = positionOf(of);
  if (!of.place && !position) return null;
  return (
    <Stack gap={2}>
      <PinPlate
        name={t('place.plate')}
        address={of.place}
        position={position ? t('place.position', { figures: positionInFigures(position) }) : ''}
      />
      {position && (
        <LinkButton
          look="plain"
          size="small"
          icon={MapPin}
          href={`geo:${position.latitude},${position.longitude}`}
        >
          {t('place.open')}
        </LinkButton>
      )}
    </Stack>
  );
}
