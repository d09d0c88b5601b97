/** 案内 at the resident: a card comes up over the call when staff show it, and stays one press away. */
import { BookOpenText, ChevronLeft, MapPin } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { CallCard, ServiceCard } from '../api';
import { MemberTile } from '../call/Picture';
import type { LiveCall } from '../call/useCall';
import {
  Button,
  Columns,
  Furigana,
  LinkButton,
  PhoneLink,
  PresenterStrip,
  ResidentText,
  ServiceWindow,
  Stack,
  StageNotice,
} from '../design';
import { useWords, type Words } from '../words';
import { useGuestCards } from './Cards';
import { CardPaper, placeOf, readingOf } from './paper';

export function GuestCards({
  callId,
  live,
  since,
}: {
  callId: string;
  live: LiveCall;
  /** Since when the guest waits; null while they do not. */
  since: string | null;
}) {
  const words = useWords('card');
  const { cards, see } = useGuestCards(callId, live.session?.room ?? null, since !== null);
  const [openId, setOpenId] = useState<string | null>(null);
  const newest = cards.findLast(({ seen }) => seen.length === 0)?.card_id;
  useEffect(() => {
    if (newest && since === null) setOpenId(newest);
  }, [newest, since]);
  const open = cards.find(({ card_id }) => card_id === openId);
  const shownId = open?.card_id;
  useEffect(() => {
    if (shownId) void see(shownId);
  }, [shownId, see]);
  const last = cards.at(-1);
  if (!last) return null;
  return (
    <>
      <StageNotice
        icon={BookOpenText}
        tone="ok"
        title={<Furigana text={bandOf(cards, last, words)} />}
        action={
          <Button look="second" onClick={() => setOpenId(last.card_id)}>
            <Furigana text={words.say('read')} />
          </Button>
        }
      />
      {open && (
        <CardOverCall
          open={open}
          cards={cards}
          live={live}
          words={words}
          onOpen={setOpenId}
          onClose={() => setOpenId(null)}
        />
      )}
    </>
  );
}

function bandOf(cards: readonly CallCard[], last: CallCard, words: Words): string {
  if (cards.length > 1) return words.say('band_count', { count: cards.length });
  return words.say('band', { title: readingOf(last.card, words.language).title });
}

function CardOverCall({
  open,
  cards,
  live,
  words,
  onOpen,
  onClose,
}: {
  open: CallCard;
  cards: readonly CallCard[];
  live: LiveCall;
  words: Words;
  onOpen: (cardId: string) => void;
  onClose: () => void;
}) {
  const callWords = useWords('call');
  const presenter = live.snapshot.members.find(({ identity }) => identity === open.presenter);
  const others = cards.filter(({ card_id }) => card_id !== open.card_id);
  return (
    <ServiceWindow
      open
      onClose={onClose}
      head={
        <PresenterStrip
          name={open.shown_by}
          post={open.shown_post}
          note={words.say('shows')}
          picture={
            presenter?.camera && (
              <MemberTile
                member={presenter}
                source="camera"
                mirrored={false}
                plate={false}
                words={callWords}
              />
            )
          }
        />
      }
      foot={
        <>
          <WaysOn card={open.card} words={words} />
          <Button block size="large" icon={ChevronLeft} onClick={onClose}>
            <Furigana text={words.say('back')} />
          </Button>
          <ResidentText voice="note" text={words.say('after')} />
        </>
      }
    >
      {(titleId) => (
        <Stack gap={4}>
          <CardPaper card={open.card} words={words} titleId={titleId} />
          {others.length > 0 && (
            <Stack gap={2}>
              <ResidentText voice="strong" text={words.say('others')} />
              {others.map(({ card_id, card }) => (
                <Button key={card_id} look="second" block onClick={() => onOpen(card_id)}>
                  {readingOf(card, words.language).title}
                </Button>
              ))}
            </Stack>
          )}
        </Stack>
      )}
    </ServiceWindow>
  );
}

/** The telephone and the place, where they are known. */
function WaysOn({ card, words }: { card: ServiceCard; words: Words }) {
  const place = placeOf(card);
  const phone = card.phone && <PhoneLink number={card.phone} words={words.say('phone')} />;
  const map = place && (
    <LinkButton block look="second" size="large" icon={MapPin} href={place}>
      <Furigana text={words.say('map')} />
    </LinkButton>
  );
  if (phone && map)
    return (
      <Columns>
        {phone}
        {map}
      </Columns>
    );
  return phone || map || null;
}
