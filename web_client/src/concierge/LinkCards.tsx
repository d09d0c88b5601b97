/** What was shown in a call, for whoever went in by this link: on the page at its end, and for some days after. */
import { MapPin } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useParams } from 'react-router';
import { get, type ServiceCard } from '../api';
import { Furigana, LinkButton, PhoneLink, ResidentBlock, ResidentText, Stack } from '../design';
import { day } from '../letter/day';
import { useWords, type Words } from '../words';
import { CardPaper, placeOf } from './paper';

export function LinkCards() {
  const { code = '' } = useParams();
  const words = useWords('card');
  const [found, setFound] = useState<{ cards: readonly ServiceCard[]; until: string | null } | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    get('/join/{code}/cards', { path: { code }, signal: stop.signal }).then(
      ({ cards, until }) => setFound({ cards: cards.map(({ card }) => card), until }),
      () => undefined, // without a line, or with a link that opens nothing, the page says enough
    );
    return () => stop.abort();
  }, [code]);
  if (!found || found.cards.length === 0) return null;
  return (
    <CardList cards={found.cards} words={words}>
      {found.until && (
        <ResidentText
          voice="note"
          text={words.say('list_until', { day: day(found.until, words.language) })}
        />
      )}
    </CardList>
  );
}

/** Several cards below one another, each with its telephone and place. */
export function CardList({
  cards,
  words,
  children,
}: {
  cards: readonly ServiceCard[];
  words: Words;
  children?: ReactNode;
}) {
  return (
    <ResidentBlock title={words.say('list')}>
      <Stack gap={6}>
        {cards.map((card) => (
          <Stack key={`${card.kind} ${card.id}`} gap={3}>
            <CardPaper card={card} words={words} level="h3" />
            {card.phone && <PhoneLink number={card.phone} words={words.say('phone')} />}
            {placeOf(card) && (
              <LinkButton block look="second" size="large" icon={MapPin} href={placeOf(card)}>
                <Furigana text={words.say('map')} />
              </LinkButton>
            )}
          </Stack>
        ))}
        {children}
      </Stack>
    </ResidentBlock>
  );
}
