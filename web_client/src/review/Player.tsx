/** What was shown and said at each moment, over the lanes of everything that is on record. */
import { useQuery } from '@tanstack/react-query';
import { Camera, FileText } from 'lucide-react';
import { useState } from 'react';
import { type CallRecord, type ConsentPurpose, get, type Still } from '../api';
import { timeOf, timeWithSeconds } from '../clock';
import { Empty, type Lane, Lanes, PanelSubhead, PlayBar, ReviewFrame, Words as Text } from '../design';
import { nameOf } from '../stills/useStills';
import { KeptPicture } from '../view/Kept';
import { titleOf } from '../view/title';
import { useWords, type Words } from '../words';
import {
  type ConsentSpan,
  consentSpans,
  momentOf,
  type ShownStretch,
  shownStretches,
  standsAt,
  ticks,
} from './record';

const MARKS = 6;

export function Player({
  record,
  length_ms,
  words,
}: {
  record: CallRecord;
  length_ms: number;
  words: Words;
}) {
  const [at_ms, setAt] = useState(0);
  const shown = shownStretches(record, length_ms);
  const stills = useStillsOf(record.call_id);
  const clock = (each: number) => timeWithSeconds(Date.parse(record.started_at) + each);
  return (
    <ReviewFrame
      picture={null}
      beside={<ShownNow {...{ record, words }} stretch={standsAt(shown, at_ms)} />}
      lines={null}
      time={
        <>
          <PlayBar
            isPlaying={false}
            playLabel={words.name('play.play')}
            onPlay={() => undefined}
            disabled
            at_ms={at_ms}
            length_ms={length_ms}
            seekLabel={words.name('play.seek')}
            timeOf={clock}
            onSeek={setAt}
            rate={1}
            rateLabel={words.name('play.rate', { rate: 1 })}
            onRate={() => undefined}
          />
          <Lanes
            label={words.name('lanes.label')}
            lanes={[
              stillLane(record, stills, words),
              shownLane(shown, words),
              ...consentLanes(consentSpans(record, length_ms), words),
            ].filter(({ spans, points }) => spans.length + (points?.length ?? 0) > 0)}
            marks={ticks(length_ms, MARKS).map((each) => ({
              at_ms: each,
              words: timeOf(Date.parse(record.started_at) + each),
            }))}
            {...{ at_ms, length_ms }}
            now={clock(at_ms)}
            onSeek={setAt}
          />
        </>
      }
    />
  );
}

function useStillsOf(call_id: string): readonly Still[] {
  const { data = [] } = useQuery({
    queryKey: ['calls', call_id, 'stills'],
    queryFn: async () => (await get('/calls/{call_id}/stills', { path: { call_id } })).stills,
  });
  return data;
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
