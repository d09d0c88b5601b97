/** Taking a still in a call: the finder, the board, and the question about consent whose answer is the shutter. */
import { MapPin, MapPinOff } from 'lucide-react';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import {
  Button,
  Disclosure,
  Furigana,
  LiveVideo,
  Notice,
  Words as Paragraph,
  Row,
  Sheet,
  Stack,
  StatusLine,
  streamSource,
  TextField,
  Viewfinder,
} from '../design';
import { useWords, type Words } from '../words';
import { photograph } from './capture';
import { type Board, type Consent, EMPTY_BOARD, LONGEST } from './manifest';
import { keepStill, type Occasion } from './take';
import { type Here, whereabouts } from './Whereabouts';

const boards = new Map<string, Board>();

export interface StillSheetProps {
  open: boolean;
  onClose: () => void;
  /** Whose device this is. */
  account: string;
  /** The camera that is in the call now, or null: then one is opened for the picture alone. */
  track: MediaStreamTrack | null;
  occasion: Omit<Occasion, 'kind' | 'of' | 'position' | 'heading' | 'board' | 'consent'>;
  /** What the board says as long as nobody wrote on it. */
  board: Partial<Board>;
  /** Who asks for the picture, where somebody does. */
  askedBy?: string | undefined;
  onTaken?: () => void;
}

export function StillSheet(props: StillSheetProps) {
  const words = useWords('still');
  return (
    <Sheet open={props.open} onClose={props.onClose} title={words.name('take.title')}>
      <Taking {...props} words={words} />
    </Sheet>
  );
}

type State = { at: 'ready' } | { at: 'taking' } | { at: 'kept' } | { at: 'failed'; why: 'camera' | 'device' };

function Taking({
  account,
  track,
  occasion,
  board,
  askedBy,
  onTaken,
  words,
}: StillSheetProps & { words: Words }) {
  const here = useSyncExternalStore(whereabouts.subscribe, whereabouts.snapshot);
  const camera = useCamera(track);
  const [written, setWritten] = useState<Board>(
    () => boards.get(occasion.call.id) ?? { ...EMPTY_BOARD, ...board },
  );
  const [state, setState] = useState<State>({ at: 'ready' });
  const [taken, setTaken] = useState(0);
  const write = (part: Partial<Board>) => {
    const next = { ...written, ...part };
    boards.set(occasion.call.id, next);
    setWritten(next);
  };
  const take = async (consent: Consent) => {
    if (camera.track === null) return;
    setState({ at: 'taking' });
    const shot = await photograph(camera.track).catch(() => null);
    if (shot === null) return setState({ at: 'failed', why: 'camera' });
    const circumstances: Occasion = {
      ...occasion,
      ...whereabouts.now(),
      kind: 'still',
      of: account,
      board: written,
      consent,
    };
    try {
      await keepStill(account, shot, circumstances);
      setTaken((before) => before + 1);
      setState({ at: 'kept' });
      onTaken?.();
    } catch {
      setState({ at: 'failed', why: 'device' });
    }
  };
  return (
    <Stack>
      {askedBy && <Notice live title={words.name('take.asked', { name: askedBy })} />}
      <Viewfinder flash={taken}>
        {camera.track ? (
          <Finder track={camera.track} />
        ) : (
          <Paragraph>{words.name(camera.failed ? 'take.no_camera' : 'take.opening')}</Paragraph>
        )}
      </Viewfinder>
      <Place here={here} words={words} />
      <Disclosure
        summary={words.name('board.open', {
          what: written.spot || written.work || words.name('board.empty'),
        })}
      >
        <BoardForm board={written} onWrite={write} words={words} />
      </Disclosure>
      <Shutter
        words={words}
        busy={state.at === 'taking'}
        disabled={camera.track === null}
        onTake={(consent) => void take(consent)}
        onNone={() => setState({ at: 'ready' })}
      />
      {state.at === 'kept' && (
        <Notice look="ok" live title={<Furigana text={words.say('take.kept')} />}>
          {words.name('take.kept_more')}
        </Notice>
      )}
      {state.at === 'failed' && (
        <Notice look="danger" live title={words.name(`take.failed_${state.why}`)}>
          {words.name('take.failed_more')}
        </Notice>
      )}
    </Stack>
  );
}

/** The camera of the call, else one of our own as long as this is open. */
function useCamera(given: MediaStreamTrack | null): { track: MediaStreamTrack | null; failed: boolean } {
  const [own, setOwn] = useState<MediaStreamTrack | null>(null);
  const [failed, setFailed] = useState(false);
  const isUsable = given !== null && given.readyState === 'live' && !given.muted;
  useEffect(() => {
    if (isUsable) return;
    let opened: MediaStream | null = null;
    let here = true;
    const wanted = { facingMode: 'environment', width: { ideal: 8192 }, height: { ideal: 6144 } };
    navigator.mediaDevices.getUserMedia({ video: wanted }).then(
      (stream) => {
        opened = stream;
        if (here) setOwn(stream.getVideoTracks()[0] ?? null);
        else for (const each of stream.getTracks()) each.stop();
      },
      () => here && setFailed(true),
    );
    return () => {
      here = false;
      for (const each of opened?.getTracks() ?? []) each.stop();
      setOwn(null);
    };
  }, [isUsable]);
  return { track: isUsable ? given : own, failed };
}

function Finder({ track }: { track: MediaStreamTrack }) {
  const [source, setSource] = useState(() => streamSource(new MediaStream([track])));
  const shown = useRef(track);
  if (shown.current !== track) {
    shown.current = track;
    setSource(streamSource(new MediaStream([track])));
  }
  return <LiveVideo source={source} fit="contain" name="finder" />;
}

function Place({ here, words }: { here: Here; words: Words }) {
  const { position, heading, state } = here;
  const direction = heading === null ? '' : words.name('take.heading', { degrees: Math.round(heading) });
  if (position === null)
    return (
      <StatusLine icon={MapPinOff} look={state === 'looking' ? 'plain' : 'warn'}>
        {words.name(`take.place_${state === 'known' ? 'unknown' : state}`)} {direction}
      </StatusLine>
    );
  return (
    <StatusLine icon={MapPin}>
      {words.name('take.place_known', { metres: Math.max(1, Math.round(position.accuracy)) })} {direction}
    </StatusLine>
  );
}

/** 写る方に了解を得ましたか: two answers take the picture, the third leaves it. All of the same size. */
export function Shutter({
  words,
  busy,
  disabled,
  onTake,
  onNone,
}: {
  words: Words;
  busy: boolean;
  disabled: boolean;
  onTake: (consent: Consent) => void;
  onNone: () => void;
}) {
  const [isRefused, setRefused] = useState(false);
  const answer = (consent: Consent) => {
    setRefused(false);
    onTake(consent);
  };
  return (
    <Stack gap={3}>
      <Paragraph voice="strong">{words.name('consent.question')}</Paragraph>
      <Button
        look="second"
        size="large"
        block
        busy={busy}
        disabled={disabled}
        onClick={() => answer('nobody')}
      >
        {words.name('consent.nobody')}
      </Button>
      <Button
        look="second"
        size="large"
        block
        busy={busy}
        disabled={disabled}
        onClick={() => answer('given')}
      >
        {words.name('consent.given')}
      </Button>
      <Button
        look="second"
        size="large"
        block
        disabled={busy}
        onClick={() => {
          setRefused(true);
          onNone();
        }}
      >
        {words.name('consent.refused')}
      </Button>
      {isRefused && (
        <Notice live title={words.name('consent.not_taken')}>
          {words.name('consent.not_taken_more')}
        </Notice>
      )}
    </Stack>
  );
}

const FIELDS = ['work', 'work_type', 'spot', 'witness', 'designed', 'measured', 'note'] as const;

function BoardForm({
  board,
  onWrite,
  words,
}: {
  board: Board;
  onWrite: (part: Partial<Board>) => void;
  words: Words;
}) {
  return (
    <Stack gap={3}>
      {FIELDS.map((name) => (
        <TextField
          key={name}
          label={words.name(`board.${name}`)}
          value={board[name]}
          maxLength={LONGEST}
          onChange={({ currentTarget }) => onWrite({ [name]: currentTarget.value })}
        />
      ))}
      <Row>
        <Button look="plain" size="small" onClick={() => onWrite({ designed: '', measured: '', note: '' })}>
          {words.name('board.wipe')}
        </Button>
      </Row>
    </Stack>
  );
}
