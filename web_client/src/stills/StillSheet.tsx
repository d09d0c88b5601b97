/** Taking a still in a call: the finder, the board, and the question about consent whose answer is the shutter. */
import { MapPin, MapPinOff } from 'lucide-react';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import {
  Answers,
  Button,
  Disclosure,
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
import { type Board, type Consent, LONGEST } from './manifest';
import { keepStill, type Occasion } from './take';
import { boards } from './useOccasions';
import { type Here, whereabouts } from './Whereabouts';

export interface StillSheetProps {
  onClose: () => void;
  /** Whose device this is. */
  account: string;
  /** The camera that is in the call now, or null: then one is opened for the picture alone. */
  track: MediaStreamTrack | null;
  occasion: Omit<Occasion, 'kind' | 'of' | 'position' | 'heading' | 'board' | 'consent'>;
  /** What the board says as long as nobody wrote on it. */
  board: Board;
  /** Who asks for the picture, where somebody does. */
  askedBy?: string | undefined;
  onTaken?: () => void;
}

type State = { at: 'ready' | 'taking' | 'kept' | 'none' } | { at: 'failed'; why: 'camera' | 'device' };

export function StillSheet(props: StillSheetProps) {
  const { account, track, occasion, board, askedBy, onTaken } = props;
  const words = useWords('still');
  const here = useSyncExternalStore(whereabouts.subscribe, whereabouts.snapshot);
  const camera = useCamera(track);
  const [written, setWritten] = useState<Board>(() => boards.get(occasion.call.id) ?? board);
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
    <Sheet
      open
      onClose={props.onClose}
      title={words.name('take.title')}
      actions={
        <>
          <Outcome state={state} words={words} />
          <Shutter
            words={words}
            busy={state.at === 'taking'}
            disabled={camera.track === null}
            onTake={(consent) => void take(consent)}
            onNone={() => setState({ at: 'none' })}
          />
        </>
      }
    >
      <Stack gap={3}>
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
      </Stack>
    </Sheet>
  );
}

function Outcome({ state, words }: { state: State; words: Words }) {
  switch (state.at) {
    case 'kept':
      return (
        <Notice look="ok" live title={words.name('take.kept')}>
          {words.name('take.kept_more')}
        </Notice>
      );
    case 'failed':
      return (
        <Notice look="danger" live title={words.name(`take.failed_${state.why}`)}>
          {words.name('take.failed_more')}
        </Notice>
      );
    case 'none':
      return (
        <Notice live title={words.name('consent.not_taken')}>
          {words.name('consent.not_taken_more')}
        </Notice>
      );
    default:
      return null;
  }
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
  return (
    <Answers question={words.name('consent.question')}>
      <Button look="second" busy={busy} disabled={disabled} onClick={() => onTake('nobody')}>
        {words.name('consent.nobody')}
      </Button>
      <Button look="second" busy={busy} disabled={disabled} onClick={() => onTake('given')}>
        {words.name('consent.given')}
      </Button>
      <Button look="second" disabled={busy} onClick={onNone}>
        {words.name('consent.refused')}
      </Button>
    </Answers>
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
