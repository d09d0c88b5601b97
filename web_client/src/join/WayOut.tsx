/** The telephone, what we never ask for, and the check of the line: the way out that is on the page before anything fails. */
import type { InvitationView } from '../api';
import { Furigana, LinkButton, PhoneFoot, PhoneLink, ResidentText, SafeLine } from '../design';
import { useWords } from '../words';

export function WayOut({ view, phone }: { view: InvitationView | null; phone: string }) {
  const words = useWords('join');
  const number = view?.office_phone || phone;
  return (
    <>
      <PhoneFoot words={words.say('phone.heading')}>
        {number ? (
          <PhoneLink number={number} words={words.say('phone.call')} />
        ) : (
          <ResidentText voice="note" text={words.say('phone.missing')} />
        )}
      </PhoneFoot>
      <SafeLine text={words.say('safe')} />
      <LinkButton look="quiet" size="small" to="/check">
        <Furigana text={words.say('connection_check')} />
      </LinkButton>
    </>
  );
}
