/** What was shown and said at each moment, over the lanes of everything that is on record. */
import { Camera, CircleAlert, FileText, Gavel, Hourglass } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useSearchParams } from 'react-router';
import type {
  CallRecord,
  ConsentPurpose,
  DecisionBrief,
  Recording,
  Redaction,
  Still,
  TranscriptLine,
} from '../api';
import { timeOf, timeWithSeconds } from '../clock';
import { useDecisionsOf } from '../decisions/decisions';
import {
  Empty,
  isRole,
  type Lane,
  type LaneSpan,
  Lanes,
  PanelSubhead,
  PlayBar,
  ReviewFrame,
  type Role,
  StatusLine,
  SwitchButton,
  Words as Text,
} from '../design';
import { nameOf, useStills } from '../stills/useStills';
import { KeptPicture } from '../view/Kept';
import { titleOf } from '../view/title';
import { useWords, type Words } from '../words';
import { Lines, useRoles } from './Lines';
import { RecordedPicture } from './RecordedPicture';
import {
  type ConsentSpan,
  consentSpans,
  lineAt,
  momentOf,
  overSilence,
  type ShownStretch,
  shownStretches,
  speakers,
  standsAt,
  ticks,
} from './record';
import { usePlayback, useRecording } from './useRecording';
import { standing, useHidingWords, useRedactions } from './useRedactions';
import { useTranscript } from './useTranscript';

const MARKS = 6;
const RATES = [1, 1.5, 2, 0.5] as const;

export function Player({
  record,
  length_ms,
  words,
}: {
  record: CallRecord;
  length_ms: number;
  words: Words;
}) {
  const { found, open } = useRecording(record.call_id);
  const recording = found.data;
  const [address] = useSearchParams();
  const place = Number(address.get('at') ?? 0);
  const playback = usePlayback(record.call_id, recording ?? null, length_ms, place);
  const playing = useSyncExternalStore(playback.state.subscribe, playback.state.get);
  const { at_ms, isPlaying, isWaiting, hasFailed, rate } = playing;
  const shown = shownStretches(record, length_ms);
  const { data: stills = [] } = useStills(record.call_id, undefined);
  const { data: decisions = [] } = useDecisionsOf({ call_id: record.call_id });
  const transcript = useTranscript(record.call_id);
  const roles = useRoles(record.call_id);
  const lines = transcript.found.data?.lines ?? [];
  const hiding = useHidingWords();
  const { found: redactions } = useRedactions(record.call_id);
  const hidden = standing(redactions.data?.redactions ?? []);
  const isKeptBack = redactions.data?.may_redact === false && standsAt(hidden, at_ms) !== undefined;
  const now = lineAt(lines, at_ms);
  const [isSkipping, setSkipping] = useState(false);
  useEffect(() => {
    playback.skip = (each) => (isSkipping ? overSilence(lines, each) : null);
  }, [playback, isSkipping, lines]);
  useEffect(() => playback.prefer(now?.identity ?? null), [playback, now?.identity]);
  const clock = (each: number) => timeWithSeconds(Date.parse(record.started_at) + each);
  const marks = ticks(length_ms, MARKS);
  const isShort = (marks[1] ?? 0) % 60_000 !== 0;
  const nextRate = RATES[(RATES.indexOf(rate as (typeof RATES)[number]) + 1) % RATES.length] ?? 1;
  return (
    <ReviewFrame
      picture={
        <RecordedPicture
          {...{ recording, open, playback, playing, words }}
          error={found.error}
          said={isPlaying ? now?.text : undefined}
          keptBack={isKeptBack ? hiding.name('withheld_now') : ''}
        />
      }
      beside={<ShownNow {...{ record, words }} stretch={standsAt(shown, Math.min(at_ms, length_ms - 1))} />}
      lines={<Lines {...{ record, transcript, at_ms, words }} onSeek={playback.seek} />}
      time={
        <>
          <PlayBar
            isPlaying={isPlaying}
            playLabel={words.name(isPlaying ? 'play.pause' : 'play.play')}
            onPlay={isPlaying ? playback.pause : playback.play}
            disabled={!recording?.is_open}
            {...{ at_ms, length_ms, rate }}
            seekLabel={words.name('play.seek')}
            timeOf={clock}
            onSeek={playback.seek}
            rateLabel={words.name('play.rate', { rate })}
            onRate={() => playback.setRate(nextRate)}
          >
            {lines.length > 0 && (
              <SwitchButton on={isSkipping} onClick={() => setSkipping(!isSkipping)}>
                {words.name('play.skip')}
              </SwitchButton>
            )}
            {(isWaiting || hasFailed) && (
              <StatusLine icon={hasFailed ? CircleAlert : Hourglass} look={hasFailed ? 'warn' : 'plain'} live>
                {words.name(hasFailed ? 'play.failed' : 'play.waiting')}
              </StatusLine>
            )}
          </PlayBar>
          <Lanes
            label={words.name('lanes.label')}
            lanes={[
              decisionLane(record, decisions, words),
              stillLane(record, stills, words),
              shownLane(shown, words),
              hiddenLane(hidden, hiding),
              ...trackLanes(recording?.tracks ?? [], words),
              ...speechLanes(lines, roles, words),
              ...consentLanes(consentSpans(record, length_ms), words),
            ].filter(({ spans, points }) => spans.length + (points?.length ?? 0) > 0)}
            marks={marks.map((each) => ({
              at_ms: each,
              words: isShort ? clock(each) : timeOf(Date.parse(record.started_at) + each),
            }))}
            {...{ at_ms, length_ms }}
            now={clock(at_ms)}
            onSeek={playback.seek}
          />
        </>
      }
    />
  );
}

/** 見ていた資料: what stood before the call at this moment, with what was drawn on it. */
function ShownNow({
  record,
  stretch,
  words,
}: {
  record: CallRecord;
  stretch: ShownStretch | undefined;
  words: Words;
}) {
  const view = useWords('view');
  const title = stretch ? titleOf(stretch.shown, view) : '';
  return (
    <>
      <PanelSubhead>{words.name('shown.title')}</PanelSubhead>
      {stretch ? (
        <>
          <KeptPicture
            key={stretch.surface}
            callId={record.call_id}
            surface={stretch.surface}
            title={title}
            words={view}
          />
          <Text voice="strong">{title}</Text>
          <Text voice="note">{words.name('shown.by', { name: stretch.shown.presenter_name })}</Text>
        </>
      ) : (
        <Empty icon={FileText} title={words.name('shown.none')} />
      )}
    </>
  );
}

function decisionLane(record: CallRecord, decisions: readonly DecisionBrief[], words: Words): Lane {
  return {
    name: words.name('lanes.decisions'),
    spans: [],
    points: decisions.map(({ id, number, what, decided_at, at }) => ({
      key: id,
      at_ms: momentOf(record, decided_at ?? at),
      words: words.name('lanes.decision', { number, what }),
      icon: Gavel,
    })),
  };
}

/** When who spoke, as far as it is in words. */
function speechLanes(
  lines: readonly TranscriptLine[],
  roles: ReadonlyMap<string, Role>,
  words: Words,
): readonly Lane[] {
  return speakers(lines).map(({ identity, name }) => ({
    name: words.name('lanes.speech', { name }),
    spans: lines
      .filter((line) => line.identity === identity)
      .map(({ id, started_ms, ended_ms }) => ({
        key: id,
        from_ms: started_ms,
        to_ms: ended_ms,
        look: roles.get(identity) ?? 'partner',
      })),
  }));
}

function stillLane(record: CallRecord, stills: readonly Still[], words: Words): Lane {
  return {
    name: words.name('lanes.stills'),
    spans: [],
    points: stills.map((still) => ({
      key: still.id,
      at_ms: momentOf(record, still.taken_at),
      words: words.name('lanes.still', { time: timeWithSeconds(still.taken_at), what: nameOf(still) }),
      icon: Camera,
    })),
  };
}

/** A lane for each person and kind of track: what was recorded, and what is gone or missing of it. */
function trackLanes(tracks: Recording['tracks'], words: Words): readonly Lane[] {
  const lanes = new Map<string, LaneSpan[]>();
  for (const track of tracks) {
    const name = words.name(`lanes.${track.kind}`, { name: track.name });
    const spans = lanes.get(name) ?? [];
    const role = isRole(track.role) ? track.role : 'partner';
    const look = track.is_gone ? 'gone' : track.kind === 'video' ? 'picture' : role;
    spans.push({ key: track.id, from_ms: track.start_ms, to_ms: track.end_ms, look });
    for (const { from_ms, to_ms } of track.gaps)
      spans.push({ key: `${track.id} ${from_ms}`, from_ms, to_ms, look: 'gone' });
    lanes.set(name, spans);
  }
  return [...lanes].map(([name, spans]) => ({ name, spans }));
}

function shownLane(shown: readonly ShownStretch[], words: Words): Lane {
  return {
    name: words.name('lanes.shown'),
    spans: shown.map(({ from_ms, to_ms, surface }) => ({
      key: `${from_ms} ${surface}`,
      from_ms,
      to_ms,
      look: 'paper',
    })),
  };
}

function hiddenLane(hidden: readonly Redaction[], hiding: Words): Lane {
  return {
    name: hiding.name('title'),
    spans: hidden.map(({ id, from_ms, to_ms }) => ({ key: id, from_ms, to_ms, look: 'hidden' })),
  };
}

/** A lane for each purpose anybody agreed to: when a yes of theirs stood. */
function consentLanes(spans: readonly ConsentSpan[], words: Words): readonly Lane[] {
  const purposes = [...new Set(spans.map(({ purpose }): ConsentPurpose => purpose))];
  return purposes.map((purpose) => ({
    name: words.name('lanes.consent', { purpose: words.name(`purpose.${purpose}`) }),
    spans: spans
      .filter((span) => span.purpose === purpose)
      .map(({ identity, from_ms, to_ms, isDeleted }) => ({
        key: `${identity} ${from_ms}`,
        from_ms,
        to_ms,
        look: isDeleted ? 'gone' : 'consent',
      })),
  }));
}
