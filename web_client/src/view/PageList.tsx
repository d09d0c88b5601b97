/** The pages of what is presented, small, with who looks at which. */
import { useState, useSyncExternalStore } from 'react';
import { isRole, PageStrip, PageThumb, RoleLetter } from '../design';
import { useWords } from '../words';
import type { Picture } from './Pictures';
import { Store } from './store';
import { pageKey, pageOf, type Together } from './together';
import type { View } from './View';

const THUMB_WIDTH = 320;
const MOST_LETTERS = 4;
const NOT_ASKED = new Store<Picture>({ at: 'loading' });

export function PageList({
  view,
  together,
  surface,
  proportion,
  hasPictures,
}: {
  view: View;
  together: Together;
  surface: string;
  proportion: number;
  hasPictures: boolean;
}) {
  const words = useWords('view');
  const pages = together.shown?.pages ?? 1;
  return (
    <PageStrip label={words.name('page.list')}>
      {Array.from({ length: pages }, (_, index) => (
        <Thumb
          key={pageKey(surface, index + 1)}
          view={view}
          surface={pageKey(surface, index + 1)}
          together={together}
          current={pageOf(surface) === index + 1}
          proportion={proportion}
          hasPicture={hasPictures}
        />
      ))}
    </PageStrip>
  );
}

function Thumb({
  view,
  surface,
  together,
  current,
  proportion,
  hasPicture,
}: {
  view: View;
  surface: string;
  together: Together;
  current: boolean;
  proportion: number;
  hasPicture: boolean;
}) {
  const words = useWords('view');
  const [store, setStore] = useState(NOT_ASKED);
  const picture = useSyncExternalStore(store.subscribe, store.get);
  const page = pageOf(surface);
  const here = together.looking.filter((look) => look.surface === surface);
  const names = here.map(({ name }) => name).join('、');
  return (
    <PageThumb
      page={page}
      label={names ? words.name('page.with', { page, names }) : words.name('page.name', { page })}
      url={picture.at === 'ready' ? picture.url : null}
      proportion={proportion}
      current={current}
      people={here
        .slice(0, MOST_LETTERS)
        .map(({ identity, role }) => isRole(role) && <RoleLetter key={identity} role={role} />)}
      onNear={() => hasPicture && setStore(view.pictures.of(surface, THUMB_WIDTH))}
      onPress={() => view.turnTo(surface)}
    />
  );
}
