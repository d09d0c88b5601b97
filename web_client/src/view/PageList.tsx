/** The pages of what is presented, small, with what is drawn on them and who looks at which. */
import { memo, useCallback, useState, useSyncExternalStore } from 'react';
import type { Look } from '../api';
import { isRole, MarkShape, PageStrip, PageThumb, RoleLetter, ThumbMarks } from '../design';
import { useWords } from '../words';
import { drawn, keyOf } from './marks';
import type { Picture } from './Pictures';
import { Store, usePart } from './store';
import { ACROSS } from './surface';
import { pageKey } from './together';
import type { View } from './View';

const THUMB_WIDTH = 320;
const MOST_LETTERS = 4;
/** A mark on a thumb is some eight times smaller than on the page, and its line no thinner than a pixel. */
const THUMB_UNIT = 12;
const NOT_ASKED = new Store<Picture>({ at: 'loading' });

interface ListProps {
  view: View;
  /** What is presented as a whole. */
  subject: string;
  pages: number;
  /** The one that is looked at here. */
  page: number;
  proportion: number;
  hasPictures: boolean;
}

export const PageList = memo(({ view, subject, pages, page, proportion, hasPictures }: ListProps) => {
  const words = useWords('view');
  return (
    <PageStrip label={words.name('page.list')}>
      {Array.from({ length: pages }, (_, index) => (
        <Thumb
          key={pageKey(subject, index + 1)}
          view={view}
          surface={pageKey(subject, index + 1)}
          page={index + 1}
          current={page === index + 1}
          proportion={proportion}
          hasPicture={hasPictures}
        />
      ))}
    </PageStrip>
  );
});

interface ThumbProps {
  view: View;
  surface: string;
  page: number;
  current: boolean;
  proportion: number;
  hasPicture: boolean;
}

/** Drawn anew when something about this page is news: a turn of thirty pages is news of two of them. */
const Thumb = memo(({ view, surface, page, current, proportion, hasPicture }: ThumbProps) => {
  const words = useWords('view');
  const [store, setStore] = useState(NOT_ASKED);
  const picture = useSyncExternalStore(store.subscribe, store.get);
  const who = useCallback((looking: readonly Look[]) => whoIsAt(looking, surface), [surface]);
  const here: readonly Look[] = JSON.parse(usePart(view.looking, who));
  const names = here.map(({ name }) => name).join('、');
  return (
    <PageThumb
      page={page}
      label={names ? words.name('page.with', { page, names }) : words.name('page.name', { page })}
      url={picture.at === 'ready' ? picture.url : null}
      proportion={proportion}
      current={current}
      marks={<Marks view={view} surface={surface} proportion={proportion} />}
      people={here
        .slice(0, MOST_LETTERS)
        .map(({ identity, role }) => isRole(role) && <RoleLetter key={identity} role={role} />)}
      onNear={() => hasPicture && setStore(view.pictures.of(surface, THUMB_WIDTH))}
      onPress={() => view.turnTo(surface)}
    />
  );
});

/** As text: it is the same when it says the same. */
const whoIsAt = (looking: readonly Look[], surface: string): string =>
  JSON.stringify(looking.filter((look) => look.surface === surface));

function Marks({ view, surface, proportion }: { view: View; surface: string; proportion: number }) {
  const marks = view.on(surface);
  const { marks: known } = useSyncExternalStore(marks.watch, marks.drawn.get);
  const all = drawn(known);
  if (all.length === 0) return null;
  const size = { width: ACROSS, height: Math.round(ACROSS * proportion) };
  return (
    <ThumbMarks size={size}>
      {all.map((mark) => (
        <MarkShape key={keyOf(mark)} mark={mark} size={size} unit={THUMB_UNIT} />
      ))}
    </ThumbMarks>
  );
}
