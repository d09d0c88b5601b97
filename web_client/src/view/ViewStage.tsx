/** What is presented, in the place of the pictures: tools, pages, the surface with its marks, and the way back. */
import { CloudOff, EyeOff, FilePlus2, Presentation, Users, Video } from 'lucide-react';
import { type RefObject, useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import {
  Button,
  ErrorNotice,
  Furigana,
  hasPanel,
  PageTurner,
  Paper,
  Sheet,
  SurfaceBand,
  SurfaceFrame,
  SurfacePicture,
  type SurfaceSize,
  SurfaceSpace,
  SurfaceTitle,
  Tag,
  useShape,
  ZoomControl,
} from '../design';
import { useWords, type Words } from '../words';
import { DrawnSurface } from './DrawnSurface';
import { PageList } from './PageList';
import { PagePicture } from './PagePicture';
import { FIRST_KIT, PenTools } from './PenTools';
import type { SurfaceMarks } from './SurfaceMarks';
import { ACROSS, BOARD, stillUrl } from './surface';
import { pageKey, pageOf, stillOf, surfaceOf, type Together } from './together';
import type { View } from './View';
import { ViewPanel } from './ViewPanel';

const ZOOMS = [1, 1.5, 2, 3, 4] as const;

export function ViewStage({ view, isHeld }: { view: View; isHeld: boolean }) {
  const together = useSyncExternalStore(view.together.subscribe, view.together.get);
  const surface = surfaceOf(together);
  useEffect(() => () => view.sees(null), [view]);
  if (surface === null || together.shown === null) return null;
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
  const [space, width] = useWidth();
  const marks = view.on(surface);
  const { shown } = together;
  const document = shown?.document ?? null;
  const still = stillOf(surface);
  const [size, setProportion] = useSize(together, surface);
  const seen = useCallback(() => view.sees(surface), [view, surface]);
  useEffect(() => {
    if (document === null) seen();
  }, [document, seen]);
  const isAmongStaff = view.isStaff && (isHeld || shown?.audience === 'staff');
  const page = pageOf(surface);
  const title = document
    ? words.name('page.title', { title: document.title, page })
    : still
      ? words.name('still.title')
      : words.name('board.title', { page });
  const pages = shown?.pages ?? 1;
  return (
    <SurfaceFrame
      label={words.name('stage.label')}
      tools={<PenTools kit={kit} onKit={setKit} marks={marks} forGuest={!view.isStaff} />}
      bands={
        <>
          <Bands view={view} together={together} isAmongStaff={isAmongStaff} words={words} />
          <Troubles marks={marks} words={words} />
        </>
      }
      pages={
        pages > 1 && (
          <PageList
            view={view}
            together={together}
            surface={surface}
            proportion={size.height / size.width}
            hasPictures={document !== null}
          />
        )
      }
      foot={
        <Foot view={view} together={together} surface={surface} words={words} zoom={zoom} onZoom={setZoom} />
      }
    >
      <SurfaceSpace zoom={zoom} label={title} spaceRef={space}>
        <DrawnSurface
          marks={marks}
          size={size}
          kit={kit}
          isAmongStaff={isAmongStaff}
          label={title}
          scrolls={zoom > 1 && kit.hand === 'point'}
        >
          {document ? (
            <PagePicture
              view={view}
              surface={surface}
              pages={pages}
              width={pixelsFor(width * zoom)}
              size={size}
              onShape={setProportion}
              onSeen={seen}
            />
          ) : still ? (
            <SurfacePicture
              url={stillUrl(view.callId, still)}
              label={title}
              onShape={(across, down) => setProportion(down / across)}
            />
          ) : (
            <Paper size={size} />
          )}
        </DrawnSurface>
      </SurfaceSpace>
    </SurfaceFrame>
  );
}

/** Widths the server draws pages in: the next that is sharp on this screen. */
function pixelsFor(css: number): number {
  const wanted = css * window.devicePixelRatio;
  return [1280, 1920, 2560].find((width) => width >= wanted) ?? 3840;
}

/** The surface's size in its own units: from the server for the page that is presented, from its picture for others. */
function useSize(together: Together, surface: string): readonly [SurfaceSize, (proportion: number) => void] {
  const { shown } = together;
  const isShown = shown?.surface === surface && shown.width !== null && shown.height !== null;
  const told = isShown && shown.width && shown.height ? shown.height / shown.width : null;
  const [found, setFound] = useState<{ surface: string; proportion: number } | null>(null);
  const first = shown?.document && shown.width && shown.height ? shown.height / shown.width : BOARD;
  const proportion = told ?? (found?.surface === surface ? found.proportion : first);
  const rounded = Math.round(proportion * ACROSS);
  const [size, setSize] = useState({ width: ACROSS, height: rounded });
  if (size.height !== rounded) setSize({ width: ACROSS, height: rounded });
  const set = useCallback((next: number) => setFound({ surface, proportion: next }), [surface]);
  return [size, set];
}

/** How wide the place of the surface is, in CSS pixels. */
function useWidth(): readonly [RefObject<HTMLElement | null>, number] {
  const place = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(800);
  useEffect(() => {
    const element = place.current;
    if (!element || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [place, width];
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
  zoom,
  onZoom,
}: {
  view: View;
  together: Together;
  surface: string;
  words: Words;
  zoom: number;
  onZoom: (zoom: number) => void;
}) {
  const shape = useShape();
  const [isOpen, setOpen] = useState(false);
  const { shown, looking } = together;
  const pages = shown?.pages ?? 1;
  const page = pageOf(surface);
  const document = shown?.document;
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
      <ZoomControl
        zoom={zoom}
        steps={ZOOMS}
        onZoom={onZoom}
        smaller={words.name('zoom.smaller')}
        larger={words.name('zoom.larger')}
      />
      {!document && page > 0 && shown?.presenter === view.me.identity && (
        <AddPage view={view} surface={surface} pages={pages} />
      )}
      {view.isStaff && !hasPanel(shape) && (
        <Button
          size="small"
          look="plain"
          icon={Users}
          aria-label={words.name('panel.open', { count: looking.length })}
          onClick={() => setOpen(true)}
        >
          {looking.length}
        </Button>
      )}
      {document && (
        <SurfaceTitle
          title={document.title}
          label={words.name('version.label', { label: document.label })}
          tag={
            <Tag look={document.disclosure === 'staff' ? 'solid' : 'plain'}>
              {words.name(`disclosure.${document.disclosure}`)}
            </Tag>
          }
        />
      )}
      <Button size="small" look="plain" icon={Video} onClick={view.backToVideo}>
        <Furigana text={words.say('stage.back')} />
      </Button>
      <Sheet open={isOpen} onClose={() => setOpen(false)} title={words.name('panel.title')}>
        <ViewPanel view={view} />
      </Sheet>
    </>
  );
}

function AddPage({ view, surface, pages }: { view: View; surface: string; pages: number }) {
  const words = useWords('view');
  const [busy, setBusy] = useState(false);
  const add = () => {
    setBusy(true);
    void view
      .present(pageKey(surface, pages + 1))
      .catch(() => undefined) // the button is still there
      .finally(() => setBusy(false));
  };
  return (
    <Button size="small" look="quiet" icon={FilePlus2} busy={busy} onClick={add}>
      {words.name('board.more')}
    </Button>
  );
}
