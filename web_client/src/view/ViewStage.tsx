/** What is presented, in the place of the pictures: tools, pages, the surface with its marks, and the way back. */
import { CloudOff, EyeOff, Presentation } from 'lucide-react';
import { memo, type RefObject, useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import {
  Button,
  ErrorNotice,
  Furigana,
  Paper,
  SurfaceBand,
  SurfaceFrame,
  SurfacePicture,
  type SurfaceSize,
  SurfaceSpace,
} from '../design';
import { useWords, type Words } from '../words';
import { DrawnSurface } from './DrawnSurface';
import { PageList } from './PageList';
import { PagePicture } from './PagePicture';
import { FIRST_KIT, PenTools } from './PenTools';
import type { SurfaceMarks } from './SurfaceMarks';
import { ACROSS, BOARD, stillUrl } from './surface';
import { pageOf, stillOf, subjectOf, surfaceOf, type Together } from './together';
import type { View } from './View';
import { ViewFoot } from './ViewFoot';

/** Not drawn anew with the call around it, which ticks every second and whenever somebody speaks. */
export const ViewStage = memo(({ view, isHeld }: { view: View; isHeld: boolean }) => {
  const together = useSyncExternalStore(view.together.subscribe, view.together.get);
  const surface = surfaceOf(together);
  useEffect(() => () => view.sees(null), [view]);
  if (surface === null || together.shown === null) return null;
  return <Surface view={view} together={together} surface={surface} isHeld={isHeld} />;
});

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
  const isPage = document !== null;
  useEffect(() => {
    if (!isPage) view.sees(surface); // a page is seen when its picture is here
  }, [isPage, view, surface]);
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
            subject={subjectOf(surface)}
            pages={pages}
            page={page}
            proportion={size.height / size.width}
            hasPictures={document !== null}
          />
        )
      }
      foot={<ViewFoot view={view} shown={shown} surface={surface} zoom={zoom} onZoom={setZoom} />}
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
