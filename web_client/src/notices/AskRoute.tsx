/** `/n`: whoever wants to be told gives an address; nothing is sent to it but one mail until they say yes. */
import { CircleCheck, MailCheck, MailX } from 'lucide-react';
import { useEffect, useState } from 'react';
import { get, type NoticesOffer, post } from '../api';
import {
  Button,
  Check,
  ErrorNotice,
  Furigana,
  Loading,
  PhoneLink,
  ResidentBlock,
  ResidentHeading,
  ResidentMatter,
  ResidentPage,
  ResidentText,
  Stack,
  Steps,
  TextField,
} from '../design';
import { Reading } from '../join/Band';
import { useSending } from '../sending';
import { useWords, type Words } from '../words';
import { NoticesBand, NotNow } from './NoticesBand';

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
      band={<NoticesBand organisation={offer?.organisation ?? ''} />}
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
  const [address, setAddress] = useState('');
  const [agrees, setAgrees] = useState(false);
  const { busy, error, submit } = useSending(async () => {
    const { language } = words;
    await post('/notices', { body: { address: address.trim(), consent: true, language } });
    onSent();
  });
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
        <form onSubmit={submit}>
          <Stack gap={4}>
            <TextField
              large
              label={words.name('ask.address')}
              type="email"
              required
              autoComplete="email"
              inputMode="email"
              maxLength={254}
              value={address}
              onChange={(event) => setAddress(event.target.value)}
            />
            <Check
              required
              checked={agrees}
              onChange={(event) => setAgrees(event.target.checked)}
              label={<Furigana text={words.say('ask.consent')} />}
            />
            {error !== null && <ErrorNotice title={words.name('ask.failed')} error={error} />}
            <Button
              type="submit"
              size="large"
              block
              icon={CircleCheck}
              busy={busy}
              busyLabel={words.name('ask.sending')}
            >
              <Furigana text={words.say('ask.send')} />
            </Button>
          </Stack>
        </form>
      </ResidentBlock>
    </>
  );
}
