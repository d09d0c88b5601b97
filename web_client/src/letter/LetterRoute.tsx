/** `/l/:code`: what was agreed, for the resident: to read, to print, to have sent. No account, no devices, no call. */
import { MailCheck, PhoneOff, Printer, RefreshCw, Send, Unplug } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useParams } from 'react-router';
import { ApiError, get, type LetterView, post } from '../api';
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
  Loading,
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
import { usePreferences } from '../preferences';
import { useWords, type Words } from '../words';
import { AddressForm } from './AddressForm';
import { Agreed } from './Agreed';
import { day } from './day';

type Found =
  | { at: 'reading' }
  | { at: 'shown'; letter: LetterView }
  | { at: 'gone'; reason: 'unknown' | 'over' | 'too_many' }
  | { at: 'unreachable' };

export function LetterRoute() {
  const { code = '' } = useParams();
  const words = useWords('letter');
  const office = useOffice();
  const { found, again } = useLetter(code);
  const letter = found.at === 'shown' ? found.letter : null;
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
      {found.at === 'reading' && <Loading label={words.name('reading')} lines={2} />}
      {found.at === 'gone' && (
        <ResidentMatter icon={PhoneOff} text={words.say(`gone.${found.reason}`)}>
          <ResidentText text={words.say(`gone.${found.reason}_do`)} />
        </ResidentMatter>
      )}
      {found.at === 'unreachable' && (
        <ResidentMatter icon={Unplug} text={words.say('unreachable')}>
          <ResidentText text={words.say('unreachable_do')} />
          <Button size="large" icon={RefreshCw} onClick={again}>
            <Furigana text={words.say('again')} />
          </Button>
        </ResidentMatter>
      )}
      {letter && <Paper letter={letter} phone={phone} words={words} />}
      {letter?.has_consents && <Agreed code={code} words={words} />}
    </ResidentPage>
  );
}

function useLetter(code: string): { found: Found; again: () => void } {
  const [found, setFound] = useState<Found>({ at: 'reading' });
  const [tries, setTries] = useState(0);
  const { suggestLanguage } = usePreferences();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each try reads again
  useEffect(() => {
    const stop = new AbortController();
    get('/letter/{code}', { path: { code }, signal: stop.signal }).then(
      (letter) => {
        if (stop.signal.aborted) return;
        suggestLanguage(letter.language);
        setFound({ at: 'shown', letter });
      },
      (error: unknown) => {
        if (!stop.signal.aborted) setFound(refused(error));
      },
    );
    return () => stop.abort();
  }, [code, tries, suggestLanguage]);
  const again = useCallback(() => {
    setFound({ at: 'reading' });
    setTries((count) => count + 1);
  }, []);
  return { found, again };
}

function refused(error: unknown): Found {
  const key = error instanceof ApiError ? error.key : '';
  if (key === 'letter.unknown') return { at: 'gone', reason: 'unknown' };
  if (key === 'letter.over') return { at: 'gone', reason: 'over' };
  if (key === 'rate_limited') return { at: 'gone', reason: 'too_many' };
  return { at: 'unreachable' };
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
