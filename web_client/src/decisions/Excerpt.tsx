/**
 * The twenty seconds a decision was proposed in, to hear before approving. The recording is opened by a fresh code, as
 * anywhere else; the approval takes the next one, which is there by the time the twenty seconds are over.
 */
import { CircleAlert, Hourglass, Volume2 } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, type Recording } from '../api';
import {
  Button,
  DecisionSound,
  ErrorNotice,
  OtpField,
  PlayBar,
  Stack,
  StatusLine,
  useErrorWords,
  Words,
} from '../design';
import { usePlayback, useRecording } from '../review/useRecording';

const OF_CODES = ['otp.wrong', 'otp.used', 'sign_in.locked'];
const RATES = [1, 1.5, 2, 0.5] as const;

interface Place {
  call_id: string;
  from_ms: number;
  to_ms: number;
}

export function Excerpt({ place }: { place: Place }) {
  const { t } = useTranslation('excerpt');
  const { found, open } = useRecording(place.call_id);
  const [isAsking, setAsking] = useState(false);
  const [code, setCode] = useState('');
  const [wasOpenedHere, setOpenedHere] = useState(false);
  const errorWords = useErrorWords();
  const isOfCode = open.error instanceof ApiError && OF_CODES.includes(open.error.key);
  const send = (digits: string) =>
    open.mutate(digits, { onSuccess: () => setOpenedHere(true), onSettled: () => setCode('') });
  return (
    <DecisionSound title={t('title')}>
      {found.data?.is_open ? (
        <Sound recording={found.data} place={place} startsItself={wasOpenedHere} />
      ) : (
        <Stack gap={3}>
          {isAsking ? (
            <>
              <OtpField
                compact
                autoFocus
                label={t('code')}
                value={code}
                disabled={open.isPending}
                onChange={(digits) => {
                  if (open.error && digits) open.reset();
                  setCode(digits);
                }}
                onComplete={send}
                error={isOfCode ? errorWords(open.error) : null}
              />
              {open.isPending && (
                <StatusLine icon={Hourglass} live>
                  {t('opening')}
                </StatusLine>
              )}
            </>
          ) : (
            <Button look="second" block icon={Volume2} onClick={() => setAsking(true)}>
              {t('listen')}
            </Button>
          )}
          <Words voice="note">{t('two_codes')}</Words>
          {open.error && !isOfCode && <ErrorNotice title={t('failed')} error={open.error} />}
        </Stack>
      )}
    </DecisionSound>
  );
}

function Sound({
  recording,
  place,
  startsItself,
}: {
  recording: Recording;
  place: Place;
  startsItself: boolean;
}) {
  const { t } = useTranslation('excerpt');
  const { call_id, from_ms, to_ms } = place;
  const voices = { ...recording, tracks: recording.tracks.filter(({ kind }) => kind === 'audio') };
  const playback = usePlayback(call_id, voices, to_ms, from_ms);
  const { at_ms, isPlaying, isWaiting, hasFailed, rate } = useSyncExternalStore(
    playback.state.subscribe,
    playback.state.get,
  );
  useEffect(() => {
    if (startsItself) playback.play();
  }, [playback, startsItself]);
  const play = () => {
    if (at_ms >= to_ms || at_ms < from_ms) playback.seek(from_ms);
    playback.play();
  };
  const nextRate = RATES[(RATES.indexOf(rate as (typeof RATES)[number]) + 1) % RATES.length] ?? 1;
  return (
    <PlayBar
      isPlaying={isPlaying}
      playLabel={t(isPlaying ? 'pause' : 'play')}
      onPlay={isPlaying ? playback.pause : play}
      disabled={false}
      at_ms={Math.max(0, at_ms - from_ms)}
      length_ms={to_ms - from_ms}
      seekLabel={t('seek')}
      timeOf={(each) => `0:${String(Math.floor(each / 1000)).padStart(2, '0')}`}
      onSeek={(each) => playback.seek(from_ms + each)}
      rate={rate}
      rateLabel={t('rate', { rate })}
      onRate={() => playback.setRate(nextRate)}
    >
      {(isWaiting || hasFailed) && (
        <StatusLine icon={hasFailed ? CircleAlert : Hourglass} look={hasFailed ? 'warn' : 'plain'} live>
          {t(hasFailed ? 'missing' : 'waiting')}
        </StatusLine>
      )}
    </PlayBar>
  );
}
