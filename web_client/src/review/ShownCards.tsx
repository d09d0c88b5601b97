/** Which cards of the concierge the call was shown, by whom, who saw them, and which were taken back. */
import { BookOpenText } from 'lucide-react';
import type { CallRecord } from '../api';
import { dateOf, timeOf, timeWithSeconds } from '../clock';
import { readingOf } from '../concierge/paper';
import { Section, Timeline, TimelineRow } from '../design';
import type { Words } from '../words';

export function ShownCards({ record, words }: { record: CallRecord; words: Words }) {
  if (record.cards.length === 0) return null;
  return (
    <Section title={words.name('cards.title')}>
      <Timeline label={words.name('cards.title')}>
        {record.cards.map(({ card_id, card, shown_at, shown_by, seen, put_away_at }) => (
          <TimelineRow
            key={card_id}
            date={dateOf(shown_at, words.language)}
            time={timeWithSeconds(shown_at)}
            icon={BookOpenText}
            title={words.name('cards.shown', {
              title: readingOf(card, words.language).title,
              name: shown_by,
            })}
          >
            {[
              words.name('cards.source', {
                owner: card.owner,
                day: card.updated ? dateOf(card.updated, words.language) : words.name('cards.undated'),
              }),
              ...seen.map(({ name, at }) =>
                words.name('cards.seen', { name: name || words.name('cards.guest'), time: timeOf(at) }),
              ),
              seen.length === 0 ? words.name('cards.unseen') : '',
              put_away_at ? words.name('cards.put_away', { time: timeOf(put_away_at) }) : '',
            ]
              .filter(Boolean)
              .join('・')}
          </TimelineRow>
        ))}
      </Timeline>
    </Section>
  );
}
