/** Where a case is: address and position in words; above them the map of the office's choice, or a drawn plate. */
import { MapPin } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseBrief } from '../api';
import { LinkButton, PinPlate, Stack } from '../design';
import { usePublic } from '../session';
import { positionInFigures, positionOf } from './caseWords';

const TileMap = lazy(async () => ({ default: (await import('../design/TileMap')).TileMap }));

export function Place({ of }: { of: Pick<CaseBrief, 'title' | 'place' | 'latitude' | 'longitude'> }) {
  const { t } = useTranslation('cases');
  const source = usePublic()?.map;
  const [failed, setFailed] = useState(false);
  const position = positionOf(of);
  if (!of.place && !position) return null;
  return (
    <Stack gap={2}>
      <PinPlate
        name={t(source && position && failed ? 'place.noTiles' : 'place.plate')}
        address={of.place}
        position={position ? t('place.position', { figures: positionInFigures(position) }) : ''}
      >
        {source && position && !failed && (
          <Suspense>
            <TileMap
              tiles={source.tiles}
              attribution={source.attribution}
              attributionUrl={source.attribution_url}
              latitude={position.latitude}
              longitude={position.longitude}
              words={{
                name: t('place.map', { title: of.title }),
                zoomIn: t('place.zoomIn'),
                zoomOut: t('place.zoomOut'),
                byKeys: t('place.byKeys'),
                byFingers: t('place.byFingers'),
              }}
              onFailed={() => setFailed(true)}
            />
          </Suspense>
        )}
      </PinPlate>
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
