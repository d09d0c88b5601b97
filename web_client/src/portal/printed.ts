/** What paper says of itself. */
import { day } from '../letter/day';
import type { Words } from '../words';

export function printedOn(words: Words): string {
  const now = new Date().toISOString();
  return words.name('print.on', { day: day(now, words.language) });
}

/** So that whoever holds the paper finds the page again. */
export function addressOf(words: Words): string {
  return words.name('print.address', { address: decodeURI(window.location.href) });
}
