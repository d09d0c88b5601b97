/** The picture of one page under its marks, the paper while it is on its way, and a way on when it does not come. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import { Button, Paper, SurfacePicture, type SurfaceSize } from '../design';
import { useWords } from '../words';
import { pageKey, pageOf } from './together';
import type { View } from './View';

export function PagePicture({
  view,
  surface,
  pages,
  width,
  size,
  onShape,
  onSeen,
}: {
  view: View;
  surface: string;
  pages: number;
  /** How wide it has to be, in pixels of the device. */
  width: number;
  size: SurfaceSize;
  /** Its proportion, once it is here. */
  onShape: (proportion: number) => void;
  /** It is on the screen. */
  onSeen: () => void;
}) {
  const words = useWords('view');
  const [tries, setTries] = useState(0);
  const [store, setStore] = useState(() => view.pictures.of(surface, width));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try is the occasion to ask again
  useEffect(() => setStore(view.pictures.of(surface, width)), [view, surface, width, tries]);
  const picture = useSyncExternalStore(store.subscribe, store.get);
  const page = pageOf(surface);
  return (
    <>
      <Paper size={size} />
      {picture.at === 'ready' && (
        <SurfacePicture
          url={picture.url}
          label={words.name('page.picture', { page })}
          onShape={(across, down) => {
            onShape(down / across);
            onSeen();
            for (const next of [page + 1, page - 1, page + 2, page + 3])
              if (next >= 1 && next <= pages) view.pictures.of(pageKey(surface, next), width);
          }}
        />
      )}
      {picture.at === 'failed' && (
        <Button look="second" onClick={() => setTries(tries + 1)}>
          {words.name('page.again')}
        </Button>
      )}
    </>
  );
}
