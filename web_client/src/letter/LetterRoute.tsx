/** `/l/:code`: what was agreed, for the resident: to read, to print, to have sent. No account, no devices, no call. */
import { MailCheck, Printer, Send } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useParams } from 'react-router';
import { get, type LetterView, post } from '../api';
import { CardList } from '../concierge/LinkCards';
import {
  Button,
  Columns,
  Dialog,
  Furigana,
  LetterNext,
  LetterPaper,
  LetterPoints,
  LetterQuestions,
  PhoneLink,
  ResidentBlock,
  ResidentHeading,
  ResidentMatter,
  ResidentPage,
  ResidentText,
  Stack,
  Written,
} from '../design';
import { Reading, ResidentBand } from '../join/Band';
import { useOffice } from '../join/office';
import { useWords, type Words } from '../words';
import { AddressForm } from './AddressForm';
import { Agreed } from './Agreed';
import { day } from './day';
import { NotYet, useLinked } from './linked';

const read = (code: string, signal: AbortSignal) => get('/letter/{code}', { path: { code }, signal });

export function LetterRoute() {
  const { code = '' } = useParams();
  const words = useWords('letter');
  const office = useOffice();
  const { found, again, page: letter } = useLinked(code, 'letter', read);
  const phone = letter?.office_phone || office?.office_phone || '';
  useEffect(() => {
    document.title = words.name('title');
  }, [words]);
  return (
    <ResidentPage
      band={
        <ResidentBand
          organisation={letter?.organisation ?? office?.organisation ?? ''}
          office={letter?.office}
        />
      }
      footLook="quiet"
      foot={
        letter ? (
          <TakeHome code={code} letter={letter} words={words} />
        ) : (
          phone && <PhoneLink number={phone} words={words.say('phone')} />
        )
      }
    >
      <Reading />
      <NotYet found={found} words={words} again={again} />
      {letter && <Paper letter={letter} phone={phone} words={words} />}
      {letter?.has_consents && <Agreed code={code} words={words} />}
    </ResidentPage>
  );
}

function Paper({ letter, phone, words }: { letter: LetterView; phone: string; words: Words }) {
  const cardWords = useWords('card');
  const minutes = Math.max(1, Math.round(letter.talked_s / 60));
  return (
    <LetterPaper from={[letter.organisation, letter.office].filter(Boolean).join('　')}>
      <ResidentHeading
        text={words.say('heading')}
        lead={
          <Furigana
            text={words.say('talked', { day: day(letter.talked_at, words.language), count: minutes })}
          />
        }
      />
      {letter.agreed.length > 0 && <LetterPoints label={words.name('heading')} points={letter.agreed} />}
      {(letter.next_step || letter.due_on) && (
        <LetterNext
          title={words.say('next')}
          day={letter.due_on ? words.say('until', { day: day(letter.due_on, words.language) }) : ''}
        >
          {letter.next_step}
        </LetterNext>
      )}
      {letter.questions.length > 0 && (
        <ResidentBlock title={words.say('questions')}>
          <LetterQuestions
            questions={letter.questions.map(({ text, answer, due_on }) => ({
              text,
              answer: answer || words.say('no_answer_yet'),
              due: due_on && !answer ? words.say('answer_until', { day: day(due_on, words.language) }) : '',
            }))}
          />
        </ResidentBlock>
      )}
      {letter.cards.length > 0 && <CardList cards={letter.cards} words={cardWords} />}
      <ResidentBlock title={words.say('unclear')}>
        <Stack gap={3}>
          {letter.contact && <Written>{letter.contact}</Written>}
          {phone && <PhoneLink number={phone} words={words.say('phone')} />}
        </Stack>
      </ResidentBlock>
    </LetterPaper>
  );
}

function TakeHome({ code, letter, words }: { code: string; letter: LetterView; words: Words }) {
  const [isAsking, setAsking] = useState(false);
  const [isSent, setSent] = useState(false);
  return (
    <Stack gap={3}>
      {isSent && (
        <ResidentMatter icon={MailCheck} look="ok" level="h3" text={words.say('mail.done')}>
          <ResidentText voice="note" text={words.say('mail.done_more')} />
        </ResidentMatter>
      )}
      <Columns>
        <Button block size="large" look="second" icon={Printer} onClick={() => window.print()}>
          <Furigana text={words.say('print')} />
        </Button>
        {letter.can_mail && (
          <Button block size="large" look="second" icon={Send} onClick={() => setAsking(true)}>
            <Furigana text={words.say('mail.open')} />
          </Button>
        )}
      </Columns>
      <ResidentText
        voice="note"
        text={words.say('opens_until', { day: day(letter.expires_at, words.language) })}
      />
      <MailDialog
        code={code}
        open={isAsking}
        words={words}
        onClose={() => setAsking(false)}
        onSent={() => {
          setAsking(false);
          setSent(true);
        }}
      />
    </Stack>
  );
}

function MailDialog({
  code,
  open,
  words,
  onClose,
  onSent,
}: {
  code: string;
  open: boolean;
  words: Words;
  onClose: () => void;
  onSent: () => void;
}) {
  const send = async (address: string) => {
    await post('/letter/{code}/mail', { path: { code }, body: { address, consent: true } });
    onSent();
  };
  return (
    <Dialog open={open} onClose={onClose} title={words.name('mail.title')}>
      <AddressForm words={words} at="mail" send={send}>
        <Button size="large" look="plain" block onClick={onClose}>
          <Furigana text={words.say('mail.cancel')} />
        </Button>
      </AddressForm>
    </Dialog>
  );
}
