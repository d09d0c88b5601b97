/** How a record is called and told in the language of the page; what has no words in it is told in Japanese (pure). */
import type { ServiceItem } from '../api';
import { withRuby } from '../design/Furigana';
import { day } from '../letter/day';
import type { Words } from '../words';

type Told = Pick<ServiceItem, 'title' | 'title_en' | 'summary' | 'easy' | 'english'>;

export function titleOf({ title, title_en }: Pick<Told, 'title' | 'title_en'>, language: string): string {
  return (language === 'en' && title_en) || title;
}

export function summaryOf({ summary, easy, english }: Told, language: string): string {
  return (language === 'en' && english) || (language === 'ja-easy' && withRuby(easy)) || summary;
}

export function pathOf({ kind, id }: Pick<ServiceItem, 'kind' | 'id'>): string {
  return `/services/${kind}/${encodeURIComponent(id)}`;
}

/** Until when, or on which day, in a line; empty where it has none. */
export function whenOf(service: Pick<ServiceItem, 'kind' | 'starts' | 'ends'>, words: Words): string {
  const { kind, starts, ends } = service;
  const on = (at: string) => day(at, words.language);
  if (kind === 'event' && starts)
    return ends && ends !== starts
      ? words.say('when.event_days', { from: on(starts), until: on(ends) })
      : words.say('when.event', { day: on(starts) });
  if (!ends || kind === 'facility') return '';
  return words.say(kind === 'work' ? 'when.work' : 'when.ends', { day: on(ends) });
}

export function sourceOf({ owner, updated }: Pick<ServiceItem, 'owner' | 'updated'>, words: Words): string {
  return updated
    ? words.say('source', { owner, day: day(updated, words.language) })
    : words.say('source_undated', { owner });
}

export function linesOf(
  service: Pick<ServiceItem, 'kind' | 'starts' | 'ends' | 'place' | 'owner' | 'updated'>,
  words: Words,
) {
  return [whenOf(service, words), service.place, sourceOf(service, words)].filter(Boolean);
}
