/** What a surface that was shown is called (pure). */
import type { Shown } from '../api';
import type { Words } from '../words';
import { pageOf, stillOf } from './together';

/** In the words of `view`: the document with its page, a board with its number, a still. */
export function titleOf({ surface, document }: Pick<Shown, 'surface' | 'document'>, words: Words): string {
  const page = pageOf(surface);
  if (document) return words.name('paper.page', { document: document.title, label: document.label, page });
  return stillOf(surface) === null ? words.name('board.title', { page }) : words.name('still.title');
}
