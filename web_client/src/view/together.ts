/**
 * What stands before the call and where this page is (pure). The presenter leads; others follow, or turn pages themselves
 * and come back; anybody may go back to the pictures. Something new that is presented takes everybody along.
 */
import type { Shown } from '../api';

export interface Presented {
  readonly shown: Shown | null;
  /** All that ever stood there, the last first. */
  readonly before: readonly Shown[];
}

/** `follow` the presenter, one's own `page`, or back at the `video`. */
export type Own =
  | { readonly at: 'follow' }
  | { readonly at: 'video' }
  | { readonly at: 'page'; readonly surface: string };

export interface Together extends Presented {
  readonly own: Own;
  /** A page the presenter has just turned to, before the server has told it; null = none. */
  readonly ahead: string | null;
  readonly state: 'loading' | 'ready' | 'failed';
}

export const NOTHING_YET: Together = {
  shown: null,
  before: [],
  own: { at: 'follow' },
  ahead: null,
  state: 'loading',
};

/** `page:V` of `page:V:3`. */
export const subjectOf = (key: string): string => key.split(':').slice(0, 2).join(':');
/** 3 of `page:V:3`; 0 where there are no pages. */
export const pageOf = (key: string): number => Number(key.split(':')[2] ?? 0) || 0;
/** The id in `still:I`; null for anything else. */
export const stillOf = (key: string): string | null => (key.startsWith('still:') ? key.slice(6) : null);
export const pageKey = (key: string, page: number): string => `${subjectOf(key)}:${page}`;

/** Later news is never undone by older: packets and answers come in any order. */
function rank({ shown, before }: Presented): number {
  const last = Math.max(shown?.serial ?? 0, ...before.map(({ serial }) => serial), 0);
  return 2 * last + (shown === null && last > 0 ? 1 : 0);
}

/** After news of what is presented. */
export function presented(together: Together, news: Presented): Together {
  if (together.state === 'ready' && rank(news) < rank(together)) return together;
  const before = together.shown && subjectOf(together.shown.surface);
  const now = news.shown && subjectOf(news.shown.surface);
  const isNew = before !== now;
  const own: Own = isNew ? { at: 'follow' } : together.own;
  const hasCome = isNew || news.shown?.surface === together.ahead;
  return { ...together, ...news, own, ahead: hasCome ? null : together.ahead, state: 'ready' };
}

/** The presenter says that they turned the page; anybody else is not believed. */
export function turnedByPresenter(together: Together, sender: string, page: number): Together {
  const { shown } = together;
  if (shown === null || shown.presenter !== sender || page < 1 || page > shown.pages) return together;
  const surface = pageKey(shown.surface, page);
  return { ...together, ahead: surface === shown.surface ? null : surface };
}

/** The surface this page shows; null = the pictures of the people. */
export function surfaceOf({ shown, own, ahead }: Together): string | null {
  if (shown === null || own.at === 'video') return null;
  return own.at === 'page' ? own.surface : (ahead ?? shown.surface);
}

/** Somebody turns to a page for themselves; turning to the presenter's page is following again. */
export function turned(together: Together, surface: string): Together {
  const { shown } = together;
  if (shown === null || subjectOf(shown.surface) !== subjectOf(surface)) return together;
  return { ...together, own: { at: 'page', surface } };
}

export const followed = (together: Together): Together => ({ ...together, own: { at: 'follow' } });
export const atVideo = (together: Together): Together => ({ ...together, own: { at: 'video' } });
