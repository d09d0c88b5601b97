/** What is presented, in the place of the pictures: tools, pages, the surface with its marks, and the way back. */
import { CloudOff, EyeOff, FilePlus2, Presentation, Video } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { urlOf } from '../api';
import {
  Button,
  ErrorNotice,
  Furigana,
  PageTurner,
  Paper,
  SurfaceBand,
  SurfaceFrame,
  SurfacePicture,
  type SurfaceSize,
  SurfaceSpace,
  ZoomControl,
} from '../design';
import { useWords, type Words } from '../words';
import { DrawnSurface } from './DrawnSurface';
import { FIRST_KIT, PenTools } from './PenTools';
import type { SurfaceMarks } from './SurfaceMarks';
import { pageKey, pageOf, stillOf, surfaceOf, type Together } from './together';
import type { View } from './View';

const ZOOMS = [1, 1.5, 2, 3, 4] as const;
/** A board is drawn on by hands, so its proportion is that of a sheet of paper lying. */
const BOARD = { width: 1600, height: 1130 };

const stillUrl = (call_id: string, still_id: string): string =>
  urlOf('/calls/{call_id}/stills/{still_id}/image', { path: { call_id, still_id }, query: { width: 2560 } });

export function ViewStage({ view, isHeld }: { view: View; isHeld: boolean }) {
  const together = useSyncExternalStore(view.together.subscribe, view.together.get);
  const surface = surfaceOf(together);
  const { shown } = together;
  useEffect(() => view.sees(surface), [view, surface]);
  useEffect(() => () => view.sees(null), [view]);
  if (surface === null || shown === null) return null;
  return <Surface view={view} together={together} surface={surface} isHeld={isHeld} />;
}

function Surface({
  view,
  together,
  surface,
  isHeld,
}: {
  view: View;
  together: Together;
  surface: string;
  isHeld: boolean;
}) {
  const words = useWords('view');
  const [kit, setKit] = useState(FIRST_KIT);
  const [zoom, setZoom] = useState<number>(1);
  const marks = view.on(surface);
  const { shown } = together;
  const isStaff = view.isStaff;
  const isAmongStaff = isStaff && (isHeld || shown?.audience === 'staff');
  const still = stillOf(surface);
  const [size, setSize] = useState<SurfaceSize>(BOARD);
  const title = still ? words.name('still.title') : words.name('board.title', { page: pageOf(surface) });
  return (
    <SurfaceFrame
      label={words.name('stage.label')}
      tools={
        <PenTools
          kit={kit}
          onKit={setKit}
          marks={marks}
          forGuest={!isStaff}
          end={
            <ZoomControl
              zoom={zoom}
              steps={ZOOMS}
              onZoom={setZoom}
              smaller={words.name('zoom.smaller')}
              larger={words.name('zoom.larger')}
            />
          }
        />
      }
      bands={
        <>
          <Bands view={view} together={together} isAmongStaff={isAmongStaff} words={words} />
          <Troubles marks={marks} words={words} />
        </>
      }
      foot={<Foot view={view} together={together} surface={surface} words={words} />}
    >
      <SurfaceSpace zoom={zoom} label={title}>
        <DrawnSurface
          marks={marks}
          size={size}
          kit={kit}
          isAmongStaff={isAmongStaff}
          label={title}
          scrolls={zoom > 1 && kit.hand === 'point'}
        >
          {still ? (
            <SurfacePicture url={stillUrl(view.callId, still)} words={title} onSize={setSize} />
          ) : (
            <Paper size={BOARD} />
          )}
        </DrawnSurface>
      </SurfaceSpace>
    </SurfaceFrame>
  );
}

function Bands({
  view,
  together,
  isAmongStaff,
  words,
}: {
  view: View;
  together: Together;
  isAmongStaff: boolean;
  words: Words;
}) {
  const { shown, own } = together;
  if (shown === null) return null;
  const isOwn = shown.presenter === view.me.identity;
  return (
    <>
      {isAmongStaff && (
        <SurfaceBand icon={EyeOff} tone="private">
          {words.name(shown.audience === 'staff' ? 'band.staff_only' : 'band.held')}
        </SurfaceBand>
      )}
      {own.at === 'page' && !isOwn && own.surface !== shown.surface && (
        <SurfaceBand
          icon={Presentation}
          tone="lead"
          action={
            <Button size="small" look="second" onClick={view.follow}>
              <Furigana text={words.say('band.follow')} />
            </Button>
          }
        >
          <Furigana
            text={words.say('band.leads', { name: shown.presenter_name, page: pageOf(shown.surface) })}
          />
        </SurfaceBand>
      )}
    </>
  );
}

/** What was drawn and is not with the others, in words. */
function Troubles({ marks, words }: { marks: SurfaceMarks; words: Words }) {
  const { refused, state } = useSyncExternalStore(marks.watch, marks.drawn.get);
  return (
    <>
      {refused !== null && <ErrorNotice title={words.name('marks.refused')} error={refused} />}
      {state === 'failed' && (
        <SurfaceBand icon={CloudOff} tone="private">
          {words.name('marks.failed')}
        </SurfaceBand>
      )}
    </>
  );
}

function Foot({
  view,
  together,
  surface,
  words,
}: {
  view: View;
  together: Together;
  surface: string;
  words: Words;
}) {
  const [busy, setBusy] = useState(false);
  const pages = together.shown?.pages ?? 1;
  const page = pageOf(surface);
  const isOwn = together.shown?.presenter === view.me.identity;
  const addPage = () => {
    setBusy(true);
    void view
      .present(pageKey(surface, pages + 1))
      .catch(() => undefined)
      .finally(() => setBusy(false));
  };
  return (
    <>
      {page > 0 && (
        <PageTurner
          page={page}
          pages={pages}
          before={words.name('page.before')}
          next={words.name('page.next')}
          now={words.name('page.now', { page, pages })}
          onTurn={(next) => view.turnTo(pageKey(surface, next))}
        />
      )}
      {isOwn && page > 0 && (
        <Button size="small" look="quiet" icon={FilePlus2} busy={busy} onClick={addPage}>
          {words.name('board.more')}
        </Button>
      )}
      <Button size="small" look="plain" icon={Video} onClick={view.backToVideo}>
        <Furigana text={words.say('stage.back')} />
      </Button>
    </>
  );
}
