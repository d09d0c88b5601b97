/** `/n`: whoever wants to be told gives an address; nothing is sent to it but one mail until they say yes. */
import { MailCheck, MailX } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { get, type NoticesOffer, post } from '../api';
import {
  Furigana,
  LinkButton,
  Loading,
  PhoneLink,
  ResidentBlock,
  ResidentHeading,
  ResidentMatter,
  ResidentPage,
  ResidentText,
  Steps,
} from '../design';
import { Reading, ResidentBand } from '../join/Band';
import { AddressForm } from '../letter/AddressForm';
import { useWords, type Words } from '../words';
import { NotNow } from './Sentences';
import { wishOf } from './wish';

type Found = NoticesOffer | 'reading' | 'unreachable';

export function AskRoute() {
  const words = useWords('notices');
  const [found, setFound] = useState<Found>('reading');
  const [tries, setTries] = useState(0);
  const [isSent, setSent] = useState(false);
  useEffect(() => {
    document.title = words.name('title');
  }, [words]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each try reads again
  useEffect(() => {
    setFound('reading');
    get('/notices').then(setFound, () => setFound('unreachable'));
  }, [tries]);
  const offer = typeof found === 'string' ? null : found;
  return (
    <ResidentPage
      band={<ResidentBand organisation={offer?.organisation ?? ''} />}
      footLook="quiet"
      foot={offer?.office_phone && <PhoneLink number={offer.office_phone} words={words.say('phone')} />}
    >
      <Reading />
      {found === 'reading' && <Loading label={words.name('reading')} lines={2} />}
      {found === 'unreachable' && (
        <NotNow how="unreachable" words={words} again={() => setTries((count) => count + 1)} />
      )}
      {offer && !offer.is_open && (
        <ResidentMatter icon={MailX} text={words.say('ask.closed')}>
          <ResidentText text={words.say('ask.closed_do')} />
        </ResidentMatter>
      )}
      {offer?.is_open && isSent && (
        <ResidentMatter icon={MailCheck} look="ok" text={words.say('ask.done')}>
          <ResidentText text={words.say('ask.done_more')} />
        </ResidentMatter>
      )}
      {offer?.is_open && !isSent && <Ask words={words} onSent={() => setSent(true)} />}
    </ResidentPage>
  );
}

function Ask({ words, onSent }: { words: Words; onSent: () => void }) {
  const [parameters] = useSearchParams();
  const wish = wishOf(parameters.get('follow'));
  const send = async (address: string) => {
    await post('/notices', { body: { address, consent: true, language: words.language, wish } });
    onSent();
  };
  return (
    <>
      <ResidentHeading text={words.say('ask.heading')} lead={<Furigana text={words.say('ask.lead')} />} />
      <ResidentBlock title={words.say('ask.how')}>
        <Steps
          steps={['ask.step1', 'ask.step2', 'ask.step3'].map((key) => (
            <ResidentText key={key} text={words.say(key)} />
          ))}
        />
      </ResidentBlock>
      <ResidentBlock>
        <AddressForm words={words} at="ask" send={send} />
      </ResidentBlock>
      <ResidentBlock>
        <LinkButton look="quiet" to="/services">
          <Furigana text={words.say('services')} />
        </LinkButton>
      </ResidentBlock>
    </>
  );
}
