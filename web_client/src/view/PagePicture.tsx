/** The picture of one page under its marks, the paper while it is on its way, and a way on when it does not come. */
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { Button, Paper, SurfacePicture, type SurfaceSize } from '../design';
import { useWords } from '../words';
import { pageKey, pageOf } from './together';
import type { View } from './View';

/** The neighbours come after the page itself: six pages of a call turn at the same moment. */
const AHEAD_MS = 200;

export function PagePicture({
  view,
  surface,
  pages,
  width,
  size,
  onShape,
}: {
  view: View;
  surface: string;
  pages: number;
  /** How wide it has to be, in pixels of the device. */
  width: number;
  size: SurfaceSize;
  /** Its proportion, once it is here. */
  onShape: (proportion: number) => void;
}) {
  const words = useWords('view');
  const store = useMemo(() => view.pictures.of(surface, width), [view, surface, width]);
  const picture = useSyncExternalStore(store.subscribe, store.get);
  const page = pageOf(surface);
  const isSeen = picture.at === 'ready';
  useEffect(() => {
    if (!isSeen) return;
    view.sees(surface);
    const later = setTimeout(() => {
      for (const next of [page + 1, page - 1, page + 2, page + 3])
        if (next >= 1 && next <= pages) view.pictures.of(pageKey(surface, next), width);
    }, AHEAD_MS);
    return () => clearTimeout(later);
  }, [isSeen, view, surface, page, pages, width]);
  return (
    <>
      <Paper size={size} />
      {picture.at === 'ready' && (
        <SurfacePicture
          url={picture.url}
          label={words.name('page.picture', { page })}
          onShape={(across, down) => onShape(down / across)}
        />
      )}
      {picture.at === 'failed' && (
        <Button look="second" onClick={() => view.pictures.of(surface, width)}>
          {words.name('page.again')}
        </Button>
      )}
    </>
  );
}
