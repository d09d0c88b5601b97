/** The place of the picture: opening the recording with a fresh code, what plays, or why there is nothing. */
import type { UseMutationResult } from '@tanstack/react-query';
import { CircleDot, EyeOff, LockKeyhole, Trash2, VideoOff, Volume2 } from 'lucide-react';
import { useState } from 'react';
import { ApiError, type Recording } from '../api';
import {
  Button,
  ErrorNotice,
  OTP_LENGTH,
  OtpField,
  ReviewMessage,
  ReviewPicture,
  Words as Text,
  useErrorWords,
} from '../design';
import { recordDay } from '../letter/day';
import type { Words } from '../words';
import type { Playback, Playing } from './Playback';

type Opening = UseMutationResult<Recording | null, Error, string>;

export function RecordedPicture({
  recording,
  error,
  open,
  playback,
  playing,
  said,
  keptBack,
  words,
}: {
  recording: Recording | null | undefined;
  /** Why it could not be read. */
  error: unknown;
  open: Opening;
  playback: Playback;
  playing: Playing;
  /** What is said at this moment. */
  said: string | undefined;
  /** Why neither picture nor sound of this moment comes; empty while they do. */
  keptBack: string;
  words: Words;
}) {
  const name = recording?.tracks.find(({ identity }) => identity === playing.picture)?.name ?? '';
  const instead = insteadOf({ recording, error, open, words });
  return (
    <ReviewPicture
      videoRef={playback.drawIn}
      name={name}
      watermark={recording?.is_open ? recording.watermark : ''}
      said={said}
      instead={
        instead ??
        ((keptBack && <ReviewMessage icon={EyeOff} title={keptBack} />) ||
          (playing.picture === null && (
            <ReviewMessage icon={Volume2} title={words.name('recording.no_picture')} />
          )))
      }
    />
  );
}

function insteadOf({
  recording,
  error,
  open,
  words,
}: {
  recording: Recording | null | undefined;
  error: unknown;
  open: Opening;
  words: Words;
}) {
  if (recording === undefined)
    return error ? <ErrorNotice title={words.name('recording.failed')} error={error} /> : <span />;
  if (recording === null)
    return (
      <ReviewMessage icon={VideoOff} title={words.name('recording.none')}>
        <Text>{words.name('recording.none_more')}</Text>
      </ReviewMessage>
    );
  if (recording.disposed_at !== null)
    return (
      <ReviewMessage icon={Trash2} title={words.name('recording.gone')}>
        <Text>
          {words.name('recording.gone_more', {
            day: recordDay(recording.disposed_at, words.language),
            reason: recording.disposal_reason || words.name('recording.by_rule'),
          })}
        </Text>
      </ReviewMessage>
    );
  if (recording.running && !recording.is_open)
    return (
      <ReviewMessage icon={CircleDot} title={words.name('recording.running')}>
        <OpenForm {...{ open, words }} />
      </ReviewMessage>
    );
  if (!recording.is_open)
    return (
      <ReviewMessage icon={LockKeyhole} title={words.name('recording.locked')}>
        <OpenForm {...{ open, words }} />
      </ReviewMessage>
    );
  return null;
}

function OpenForm({ open, words }: { open: Opening; words: Words }) {
  const [code, setCode] = useState('');
  const errorWords = useErrorWords();
  const send = (typed: string) => {
    if (!open.isPending)
      open.mutate(typed, {
        onError: (refused) => refused instanceof ApiError && refused.status !== 0 && setCode(''),
      });
  };
  return (
    <>
      <Text>{words.name('recording.locked_more')}</Text>
      <OtpField
        compact
        label={words.name('recording.code')}
        value={code}
        onChange={setCode}
        onComplete={send}
        disabled={open.isPending}
        error={open.error ? errorWords(open.error) : null}
      />
      <Button disabled={code.length < OTP_LENGTH} busy={open.isPending} onClick={() => send(code)}>
        {words.name('recording.open')}
      </Button>
    </>
  );
}
