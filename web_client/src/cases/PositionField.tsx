/** Where it is, by one press: the device's own position, shown in figures before it is sent; or typed. */
import { LocateFixed, MapPinX } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Columns, Disclosure, Notice, Row, Stack, TextField, Words } from '../design';
import { type Position, positionInFigures } from './caseWords';

const ASK_MS = 20_000;

type Failure = 'refused' | 'unknown' | 'none';

export function PositionField({
  position,
  onChange,
}: {
  position: Position | null;
  onChange: (position: Position | null) => void;
}) {
  const { t } = useTranslation('cases');
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const locate = () => {
    if (!('geolocation' in navigator)) return setFailure('none');
    setAsking(true);
    setFailure(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setAsking(false);
        onChange({ latitude: rounded(coords.latitude), longitude: rounded(coords.longitude) });
      },
      (error) => {
        setAsking(false);
        setFailure(error.code === error.PERMISSION_DENIED ? 'refused' : 'unknown');
      },
      { enableHighAccuracy: true, timeout: ASK_MS, maximumAge: 30_000 },
    );
  };
  return (
    <Stack gap={2}>
      <Row>
        <Button
          look="second"
          size="large"
          icon={LocateFixed}
          busy={asking}
          busyLabel={t('position.asking')}
          onClick={locate}
        >
          {t(position ? 'position.again' : 'position.here')}
        </Button>
        {position && (
          <>
            <Words>{t('position.is', { figures: positionInFigures(position) })}</Words>
            <Button look="quiet" icon={MapPinX} onClick={() => onChange(null)}>
              {t('position.remove')}
            </Button>
          </>
        )}
      </Row>
      {failure && (
        <Notice look="warn" live title={t('position.failed')}>
          {t(`position.${failure}`)}
        </Notice>
      )}
      <Disclosure summary={t('position.type')}>
        <TypedPosition onChange={onChange} />
      </Disclosure>
    </Stack>
  );
}

function TypedPosition({ onChange }: { onChange: (position: Position) => void }) {
  const { t } = useTranslation('cases');
  const [typed, setTyped] = useState({ latitude: '', longitude: '' });
  const [isWrong, setIsWrong] = useState(false);
  const take = () => {
    const latitude = degrees(typed.latitude, 90);
    const longitude = degrees(typed.longitude, 180);
    setIsWrong(latitude === null || longitude === null);
    if (latitude !== null && longitude !== null) onChange({ latitude, longitude });
  };
  return (
    <Stack gap={3}>
      <Columns>
        {(['latitude', 'longitude'] as const).map((name) => (
          <TextField
            key={name}
            label={t(`position.${name}`)}
            inputMode="decimal"
            autoComplete="off"
            value={typed[name]}
            error={
              isWrong && degrees(typed[name], name === 'latitude' ? 90 : 180) === null
                ? t('position.wrong')
                : null
            }
            onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
          />
        ))}
      </Columns>
      <Row>
        <Button look="plain" onClick={take}>
          {t('position.take')}
        </Button>
      </Row>
    </Stack>
  );
}

/** A number of degrees as people type it, full-width figures as well; null when it is none. */
function degrees(typed: string, limit: number): number | null {
  const value = Number(typed.normalize('NFKC').trim() || Number.NaN);
  return Number.isFinite(value) && Math.abs(value) <= limit ? rounded(value) : null;
}

/** A metre is enough, and more would only look exact. */
function rounded(value: number): number {
  return Math.round(value * 100_000) / 100_000;
}
