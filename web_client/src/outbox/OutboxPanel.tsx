/** Notes for a call, written or spoken: kept on the device first, listed in the order of sending, sent by themselves. */
import { Camera, Lock, Mic, NotebookPen, Square, Trash2, WifiOff } from 'lucide-react';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { ApiError } from '../api';
import {
  Button,
  ChatComposer,
  Empty,
  Figures,
  Furigana,
  Loading,
  Notice,
  PanelSubhead,
  Queue,
  QueueRow,
  Row,
  SoundClip,
  Stack,
  StatusLine,
  useErrorWords,
} from '../design';
import { timeOfDay } from '../join/when';
import { useWords, type Words } from '../words';
import { type Outbox, type OutboxItem, outboxOf } from './Outbox';
import { MAX_VOICE_S, sizeWords } from './queue';
import { type Recorder, type Recording, record } from './recorder';
import { unpackStill } from './ways';

/** `callId` is what new notes belong to; without one the list is only shown. */
export function OutboxPanel({ account, callId }: { account: string; callId: string | null }) {
  const words = useWords('weak');
  const outbox = outboxOf(account);
  const items = useSyncExternalStore(outbox.subscribe, outbox.snapshot);
  const isOnline = useOnline();
  return (
    <Stack>
      {!isOnline && (
        <Notice look="warn" icon={WifiOff} live title={<Furigana text={words.say('outbox.offline')} />}>
          <Furigana text={words.say('outbox.offline_more')} />
        </Notice>
      )}
      {callId !== null && <NewNotes outbox={outbox} callId={callId} words={words} />}
      <WaitingList outbox={outbox} items={items} words={words} />
      <StatusLine icon={Lock} look="plain">
        <Furigana text={words.say('outbox.sealed')} />
      </StatusLine>
    </Stack>
  );
}

function useOnline(): boolean {
  return useSyncExternalStore(
    (listener) => {
      window.addEventListener('online', listener);
      window.addEventListener('offline', listener);
      return () => {
        window.removeEventListener('online', listener);
        window.removeEventListener('offline', listener);
      };
    },
    () => navigator.onLine,
  );
}

function NewNotes({ outbox, callId, words }: { outbox: Outbox; callId: string; words: Words }) {
  const [failure, setFailure] = useState<unknown>(null);
  const keep = (kind: 'text' | 'voice', content: Uint8Array<ArrayBuffer>, duration_ms: number) => {
    outbox.add({ call_id: callId, kind, content, duration_ms }).then(() => setFailure(null), setFailure);
  };
  return (
    <>
      <ChatComposer
        bare
        large
        label={words.name('outbox.write')}
        send={words.name('outbox.keep')}
        onSend={(text) => keep('text', new TextEncoder().encode(text), 0)}
      />
      <VoiceNote
        words={words}
        onRecorded={({ content, duration_ms }) => keep('voice', content, duration_ms)}
      />
      {failure !== null && (
        <Notice look="danger" live title={words.name('outbox.not_kept')}>
          {words.name('outbox.not_kept_more')}
        </Notice>
      )}
    </>
  );
}

function VoiceNote({ words, onRecorded }: { words: Words; onRecorded: (recording: Recording) => void }) {
  const [recorder, setRecorder] = useState<Recorder | null>(null);
  const [elapsed_s, setElapsed] = useState(0);
  const [failure, setFailure] = useState<unknown>(null);
  const isCancelled = useRef(false);
  useEffect(() => {
    if (recorder === null) return;
    const begun = performance.now();
    const timer = setInterval(() => setElapsed((performance.now() - begun) / 1000), 500);
    return () => {
      clearInterval(timer);
      void recorder.stop(); // closing the window keeps what was said
    };
  }, [recorder]);

  const begin = async () => {
    try {
      isCancelled.current = false;
      setElapsed(0);
      setFailure(null);
      const begun = await record();
      setRecorder(begun);
      void begun.ended.then((recording) => {
        setRecorder(null);
        if (!isCancelled.current && recording.content.length > 0) onRecorded(recording);
      });
    } catch (error) {
      setFailure(error);
    }
  };
  if (recorder === null) {
    return (
      <>
        <Button look="second" size="large" icon={Mic} block onClick={() => void begin()}>
          <Furigana text={words.say('outbox.voice')} />
        </Button>
        {failure !== null && <Notice look="warn" live title={words.name('outbox.no_microphone')} />}
      </>
    );
  }
  return (
    <Notice look="danger" icon={Mic} title={<Furigana text={words.say('outbox.recording')} />}>
      <Stack gap={3}>
        <span>
          {clock(elapsed_s)} / {clock(MAX_VOICE_S)}
        </span>
        <Row>
          <Button size="large" icon={Square} onClick={() => void recorder.stop()}>
            <Furigana text={words.say('outbox.stop')} />
          </Button>
          <Button
            size="large"
            look="plain"
            onClick={() => {
              isCancelled.current = true;
              recorder.cancel();
            }}
          >
            <Furigana text={words.say('outbox.cancel')} />
          </Button>
        </Row>
      </Stack>
    </Notice>
  );
}

const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

function WaitingList({
  outbox,
  items,
  words,
}: {
  outbox: Outbox;
  items: readonly OutboxItem[] | null;
  words: Words;
}) {
  if (items === null) return <Loading label={words.name('outbox.reading')} lines={1} />;
  if (items.length === 0)
    return <Empty title={words.name('outbox.empty')}>{words.name('outbox.empty_more')}</Empty>;
  const bytes = items.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
  return (
    <>
      <Figures
        items={[
          {
            label: words.name('outbox.waiting'),
            value: sizeWords(bytes),
            more: words.name('outbox.count', { count: items.length }),
          },
        ]}
      />
      <div>
        <PanelSubhead>{words.name('outbox.order')}</PanelSubhead>
        <Queue label={words.name('outbox.order')}>
          {items.map((item, index) => (
            <WaitingNote key={item.id} place={index + 1} item={item} outbox={outbox} words={words} />
          ))}
        </Queue>
      </div>
    </>
  );
}

function WaitingNote({
  place,
  item,
  outbox,
  words,
}: {
  place: number;
  item: OutboxItem;
  outbox: Outbox;
  words: Words;
}) {
  const [text, setText] = useState('');
  const errorWords = useErrorWords();
  const { id, kind, progress } = item;
  useEffect(() => {
    if (kind === 'voice') return;
    let here = true;
    void outbox.read(id).then((content) => here && content && setText(wordsOf(kind, content)));
    return () => {
      here = false;
    };
  }, [outbox, id, kind]);
  const time = timeOfDay(item.recorded_at);
  const states = {
    waiting: () => words.name('outbox.state_waiting'),
    sending: (sent: number) =>
      words.name('outbox.state_sending', { percent: Math.round((sent / item.size_bytes) * 100) }),
  };
  return (
    <QueueRow
      place={place}
      icon={{ text: NotebookPen, voice: Mic, still: Camera }[kind]}
      title={words.name(`outbox.kind_${kind}`)}
      more={{ text: `${time}「${text}」`, voice: time, still: `${time} ${text}` }[kind]}
      size={sizeWords(item.size_bytes)}
      tone={progress.at === 'sending' ? 'ok' : progress.at === 'refused' ? 'danger' : 'plain'}
      state={
        progress.at === 'sending'
          ? states.sending(progress.sent_bytes)
          : progress.at === 'refused'
            ? words.name('outbox.state_refused')
            : states.waiting()
      }
    >
      {kind === 'voice' && (
        <SoundClip
          length_s={item.duration_ms / 1000}
          load={async () => new Blob([(await outbox.read(id)) ?? new Uint8Array()])}
          words={clipWords(words)}
        />
      )}
      {progress.at === 'refused' && (
        <Row>
          <span>{errorWords(new ApiError(progress.key, 409))}</span>
          <Button size="small" look="danger-line" icon={Trash2} onClick={() => void outbox.throwAway(id)}>
            {words.name('outbox.throw_away')}
          </Button>
        </Row>
      )}
    </QueueRow>
  );
}

/** What a waiting note says, or what the board of a waiting still does. */
function wordsOf(kind: 'text' | 'still', content: Uint8Array<ArrayBuffer>): string {
  if (kind === 'text') return new TextDecoder().decode(content);
  const { spot, measured, work } = JSON.parse(unpackStill(content).papers.manifest).board;
  return [spot, measured].filter(Boolean).join(' ') || work;
}

export function clipWords(words: Words): { play: string; pause: string; failed: string } {
  return {
    play: words.name('outbox.play'),
    pause: words.name('outbox.pause'),
    failed: words.name('outbox.play_failed'),
  };
}
