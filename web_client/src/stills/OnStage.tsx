/** Over the pictures of a call of staff: draw on them, stop them, ask for a still or for the camera, and who has it now. */
import {
  Camera,
  CameraOff,
  Eraser,
  Flashlight,
  HandHelping,
  Pause,
  Pencil,
  SwitchCamera,
  ZoomIn,
} from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { nextZoom } from '../call/camera';
import type { LiveCall } from '../call/useCall';
import { useConsents } from '../consent/Consents';
import { standingOf } from '../consent/standing';
import { Button, Dialog, Notice, Row, type Shape, StageChip, StageChips, StageTools } from '../design';
import { lastOf } from '../view/marks';
import { PenTools } from '../view/PenTools';
import type { View } from '../view/View';
import { useWords, type Words } from '../words';
import type { CameraLink } from './CameraLink';
import { type Frozen, freeze, presentWhenThere } from './freeze';
import { livePen, setLivePen } from './livePen';
import type { Consent } from './manifest';
import { Shutter } from './StillSheet';
import type { Occasions } from './useOccasions';

const PRESENT_WITHIN_MS = 60_000;

export function OnStage({
  view,
  live,
  shape,
  link,
  occasions,
}: {
  view: View;
  live: LiveCall;
  shape: Shape;
  link: CameraLink | null;
  occasions: Occasions;
}) {
  const words = useWords('still');
  const pen = useSyncExternalStore(livePen.subscribe, livePen.get);
  useEffect(() => () => setLivePen({ isOn: false }), []);
  const others = live.snapshot.members.filter(
    ({ isLocal, role, camera }) => !isLocal && role === 'field' && camera,
  );
  return (
    <>
      {link && <Asked link={link} words={words} occasions={occasions} />}
      {pen.isOn ? (
        <Pens view={view} words={words} />
      ) : (
        <StageChips tall={shape === 'phone'}>
          <StageChip
            icon={Pencil}
            label={words.name('stage.draw')}
            onClick={() => setLivePen({ isOn: true })}
          />
          <Freeze view={view} live={live} words={words} occasions={occasions} />
          {link &&
            others.map(({ identity, name }) => (
              <Lens key={identity} link={link} who={{ identity, name }} words={words} />
            ))}
        </StageChips>
      )}
    </>
  );
}

/** The tools of drawing on what runs: marks stay until they are wiped. */
function Pens({ view, words }: { view: View; words: Words }) {
  const { kit, key } = useSyncExternalStore(livePen.subscribe, livePen.get);
  if (key === null) return null;
  const marks = view.on(key);
  const wipe = () => {
    while (lastOf(marks.drawn.get().marks, marks.me.identity) !== undefined) marks.undo();
  };
  return (
    <StageTools
      actions={
        <>
          <Button size="small" look="plain" icon={Eraser} onClick={wipe}>
            {words.name('stage.wipe')}
          </Button>
          <Button size="small" look="second" onClick={() => setLivePen({ isOn: false })}>
            {words.name('stage.done')}
          </Button>
        </>
      }
    >
      <PenTools kit={kit} onKit={(next) => setLivePen({ kit: next })} marks={marks} forGuest={false} />
    </StageTools>
  );
}

type FreezeState = { at: 'asking'; frozen: Frozen } | { at: 'sending' } | { at: 'failed' };

/** 画面を止めて書く. The frame is the one of the press, not that of the answer. */
function Freeze({
  view,
  live,
  words,
  occasions,
}: {
  view: View;
  live: LiveCall;
  words: Words;
  occasions: Occasions;
}) {
  const [state, setState] = useState<FreezeState | null>(null);
  const begin = () =>
    void freeze().then(
      (frozen) => setState({ at: 'asking', frozen }),
      () => setState({ at: 'failed' }),
    );
  const close = () => {
    if (state?.at === 'asking') URL.revokeObjectURL(state.frozen.url);
    setState(null);
  };
  const share = async ({ shot, identity, url }: Frozen, consent: Consent) => {
    URL.revokeObjectURL(url);
    setState({ at: 'sending' });
    try {
      const id = await occasions.keep(shot, 'frozen', identity, consent);
      const isThere = await presentWhenThere(view, occasions.account, id, PRESENT_WITHIN_MS);
      setState(isThere ? null : { at: 'failed' });
    } catch {
      setState({ at: 'failed' });
    }
  };
  return (
    <>
      <StageChip icon={Pause} label={words.name('stage.freeze')} onClick={begin} />
      <Dialog open={state !== null} onClose={close} title={words.name('stage.freeze')} closable>
        {state?.at === 'asking' && (
          <>
            <img src={state.frozen.url} alt={words.name('kind.frozen')} width="100%" />
            <PhotoConsent
              callId={view.callId}
              live={live}
              identity={state.frozen.identity}
              words={words}
              onTake={(consent) => void share(state.frozen, consent)}
              onNone={close}
            />
          </>
        )}
        {state?.at === 'sending' && <p role="status">{words.name('stage.sharing')}</p>}
        {state?.at === 'failed' && (
          <Notice look="warn" live title={words.name('stage.freeze_failed')}>
            {words.name('stage.freeze_failed_more')}
          </Notice>
        )}
      </Dialog>
    </>
  );
}

/** What the person of the picture has said already is not asked again; their no is the end of it. */
function PhotoConsent({
  callId,
  live,
  identity,
  words,
  ...choices
}: {
  callId: string;
  live: LiveCall;
  identity: string;
  words: Words;
  onTake: (consent: Consent) => void;
  onNone: () => void;
}) {
  const { known } = useConsents(callId, live);
  const person = known.answer?.people.find((each) => each.identity === identity);
  const state = person && standingOf(person, 'photo')?.state;
  if (person && state === 'given')
    return (
      <Notice
        look="ok"
        title={words.name('consent.stands', { name: person.name })}
        action={<Button onClick={() => choices.onTake('given')}>{words.name('consent.keep')}</Button>}
      />
    );
  if (person && (state === 'refused' || state === 'withdrawn'))
    return (
      <Notice look="warn" live title={words.name('consent.own_no', { name: person.name })}>
        {words.name('consent.own_no_more')}
      </Notice>
    );
  return <Shutter words={words} busy={false} disabled={false} {...choices} />;
}

/** Somebody's camera: asked for, or driven where it was lent, with the tools their device says it has. */
function Lens({
  link,
  who,
  words,
}: {
  link: CameraLink;
  who: { identity: string; name: string };
  words: Words;
}) {
  const { borrowed } = useSyncExternalStore(link.state.subscribe, link.state.get);
  const [asked, setAsked] = useState<'still' | 'lend' | null>(null);
  const lent = borrowed.get(who.identity);
  const ask = (what: 'still' | 'lend') => {
    link.wish(who.identity, { do: what });
    setAsked(what);
    setTimeout(() => setAsked(null), 6_000);
  };
  const still = (
    <StageChip
      icon={Camera}
      label={words.name(asked === 'still' ? 'lens.asked' : lent?.stills ? 'lens.take' : 'lens.ask_still')}
      onClick={() => ask('still')}
    />
  );
  if (!lent)
    return (
      <>
        {still}
        <StageChip
          icon={HandHelping}
          label={words.name(asked === 'lend' ? 'lens.asked' : 'lens.ask_lend')}
          onClick={() => ask('lend')}
        />
      </>
    );
  const { torch, zoom, canSwitch } = lent;
  return (
    <>
      {still}
      {torch !== null && (
        <StageChip
          icon={Flashlight}
          pressed={torch}
          label={words.name('lens.torch')}
          onClick={() => link.wish(who.identity, { do: 'torch', on: !torch })}
        />
      )}
      {zoom && (
        <StageChip
          icon={ZoomIn}
          label={words.name('lens.zoom', { factor: zoom.now })}
          onClick={() => link.wish(who.identity, { do: 'zoom', factor: nextZoom(zoom.now, zoom) })}
        />
      )}
      {canSwitch && (
        <StageChip
          icon={SwitchCamera}
          label={words.name('lens.switch')}
          onClick={() => link.wish(who.identity, { do: 'switch' })}
        />
      )}
    </>
  );
}

/** At the camera: who asks, who has it, and the way to end that. */
function Asked({ link, words, occasions }: { link: CameraLink; words: Words; occasions: Occasions }) {
  const { asked, lentTo } = useSyncExternalStore(link.state.subscribe, link.state.get);
  return (
    <>
      {lentTo && (
        <Notice
          look="warn"
          icon={HandHelping}
          live
          title={words.name('lens.lent', { name: lentTo.name })}
          action={
            <Button look="danger-line" icon={CameraOff} onClick={() => link.stopLending()}>
              {words.name('lens.stop')}
            </Button>
          }
        >
          {words.name(lentTo.consent ? 'lens.lent_stills' : 'lens.lent_tools')}
        </Notice>
      )}
      {asked?.what === 'still' && (
        <Notice live icon={Camera} title={words.name('take.asked', { name: asked.who.name })}>
          <Shutter
            words={words}
            busy={false}
            disabled={!occasions.canTake}
            onTake={(consent) => {
              link.answered();
              void occasions.takeNow(consent);
            }}
            onNone={() => link.answered()}
          />
        </Notice>
      )}
      {asked?.what === 'lend' && (
        <Notice live icon={HandHelping} title={words.name('lens.asks', { name: asked.who.name })}>
          <p>{words.name('lens.asks_more')}</p>
          <Row gap={2}>
            <Button look="second" onClick={() => link.lend(asked.who, null)}>
              {words.name('lens.yes_tools')}
            </Button>
            <Button look="second" onClick={() => link.lend(asked.who, 'nobody')}>
              {words.name('lens.yes_nobody')}
            </Button>
            <Button look="second" onClick={() => link.lend(asked.who, 'given')}>
              {words.name('lens.yes_given')}
            </Button>
            <Button look="second" onClick={() => link.answered()}>
              {words.name('lens.no')}
            </Button>
          </Row>
        </Notice>
      )}
    </>
  );
}
