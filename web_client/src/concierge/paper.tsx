/** A card in words, in the reading of whoever reads it: the same in a call, as a preview, after the call and in the letter. */
import {
  Banknote,
  CalendarDays,
  Clock,
  FileText,
  type LucideIcon,
  MapPin,
  PencilLine,
  Route,
  ShieldCheck,
  TrafficCone,
} from 'lucide-react';
import type { ServiceCard } from '../api';
import { type CardFact, ServicePaper, withRuby } from '../design';
import { day } from '../letter/day';
import type { Words } from '../words';

const ICONS: Record<ServiceCard['lines'][number]['label'], LucideIcon> = {
  until: CalendarDays,
  bring: FileText,
  safe: ShieldCheck,
  how: PencilLine,
  when: Clock,
  where: MapPin,
  fee: Banknote,
  apply: PencilLine,
  rule: TrafficCone,
  detour: Route,
};

/** What it is called and what it is, in this language where it has words in it, else in Japanese. */
export function readingOf(card: ServiceCard, language: string): { title: string; summary: string } {
  const { readings } = card;
  return (
    readings.find((reading) => reading.language === language) ?? readings[0] ?? { title: '', summary: '' }
  );
}

/** Where it is, as the map of whoever reads it takes it (RFC 5870); empty where nobody said. */
export function placeOf({ latitude, longitude }: ServiceCard): string {
  return latitude === null || longitude === null ? '' : `geo:${latitude},${longitude}`;
}

export function CardPaper({
  card,
  words,
  titleId,
  level,
}: {
  card: ServiceCard;
  words: Words;
  titleId?: string;
  level?: 'h2' | 'h3';
}) {
  const { language } = words;
  const { title, summary } = readingOf(card, language);
  const isOffer = card.kind === 'programme' || card.kind === 'facility' || card.kind === 'event';
  return (
    <ServicePaper
      {...(titleId ? { titleId } : {})}
      {...(level ? { level } : {})}
      possible={words.say(isOffer ? 'possible' : 'possible_for_you')}
      title={title}
      summary={language === 'ja-easy' ? withRuby(summary) : summary}
      facts={factsOf(card, words)}
      why={words.say('why', { reasons: reasonsOf(card, words) })}
      old={card.is_old ? words.say(card.updated ? 'old' : 'undated') : undefined}
      notes={[
        words.say('source', { owner: [card.owner, card.contact].filter(Boolean).join(' ') }),
        card.updated ? words.say('updated', { day: day(card.updated, language) }) : '',
        words.say('decides'),
      ]}
    />
  );
}

function factsOf(card: ServiceCard, words: Words): readonly CardFact[] {
  return card.lines.map(({ label, day: on, text }) => {
    const icon = ICONS[label];
    if (label === 'safe') return { key: label, icon, text: words.say('line.safe'), strong: true };
    const date = on ? day(on, words.language) : '';
    const said = label === 'apply' && date ? words.say('line.apply_until', { day: date }) : date;
    return {
      key: label,
      icon,
      label: words.say(label === 'until' && card.kind === 'work' ? 'line.until_work' : `line.${label}`),
      text: [said, text].filter(Boolean).join('　'),
      strong: date !== '',
    };
  });
}

function reasonsOf(card: ServiceCard, words: Words): string {
  return card.reasons
    .map(({ why, words: said }) => words.say(`reason_${why}`, { words: said }))
    .join(words.language === 'en' ? '; ' : '、');
}
