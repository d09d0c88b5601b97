/**
 * `/services/:id/check`: may this service be meant for me? One question at a time, for everybody and without an account.
 * Never a promise: at most "you may be eligible", always with the desk that decides.
 */
import { PhoneOff, RefreshCw, Unplug } from 'lucide-react';
import { useEffect } from 'react';
import { useParams } from 'react-router';
import type { Eligibility } from '../api';
import {
  Announce,
  Button,
  Furigana,
  Loading,
  PhoneLink,
  ResidentHeading,
  ResidentMatter,
  ResidentPage,
  ResidentText,
} from '../design';
import { Reading, ResidentBand } from '../join/Band';
import { useOffice } from '../join/office';
import { useStepFocus } from '../join/step';
import { summaryOf, titleOf } from '../portal/serviceWords';
import { useWords, type Words } from '../words';
import { type Checking, useChecking } from './checking';
import { Outcome } from './Outcome';
import { Question } from './Question';

export function EligibilityRoute() {
  const { id = '' } = useParams();
  const words = useWords('eligibility');
  const office = useOffice();
  const checking = useChecking(id);
  const { found } = checking;
  const said = found.at === 'shown' ? found.said : null;
  const heading = useStepFocus(said ? (said.question?.name ?? said.verdict) : found.at);
  useEffect(() => {
    document.title = words.name('title');
  }, [words]);
  return (
    <ResidentPage
      band={<ResidentBand organisation={said?.service.owner ?? office?.organisation ?? ''} />}
      footLook="quiet"
      foot={<Foot said={said} phone={office?.office_phone ?? ''} words={words} />}
    >
      <Reading />
      {found.at === 'reading' && <Loading label={words.name('reading')} lines={3} />}
      {found.at === 'gone' && (
        <ResidentMatter
          icon={found.reason === 'gone' ? PhoneOff : Unplug}
          headingRef={heading}
          text={words.say(found.reason)}
        >
          <ResidentText text={words.say(`${found.reason}_do`)} />
          {found.reason !== 'gone' && (
            <Button size="large" icon={RefreshCw} onClick={checking.again}>
              <Furigana text={words.say('retry')} />
            </Button>
          )}
        </ResidentMatter>
      )}
      {said && <Service said={said} words={words} />}
      {said && <Step said={said} checking={checking} heading={heading} words={words} />}
      <Announce>{checking.busy && said ? words.name('reading') : ''}</Announce>
    </ResidentPage>
  );
}

function Step({
  said,
  checking,
  heading,
  words,
}: {
  said: Eligibility;
  checking: Checking;
  heading: ReturnType<typeof useStepFocus>;
  words: Words;
}) {
  if (said.question)
    return (
      <Question
        key={said.question.name}
        question={said.question}
        owner={said.service.owner}
        checking={checking}
        heading={heading}
        words={words}
      />
    );
  return <Outcome said={said} checking={checking} heading={heading} words={words} />;
}

/** The service by its name in the language of the page, and in a sentence what it is. */
function Service({ said: { service }, words }: { said: Eligibility; words: Words }) {
  const { language } = words;
  return (
    <ResidentHeading
      text={titleOf(service, language)}
      lead={<Furigana text={summaryOf(service, language)} />}
    />
  );
}

function Foot({ said, phone, words }: { said: Eligibility | null; phone: string; words: Words }) {
  const number = said?.service.phone || phone;
  if (!number) return null;
  return <PhoneLink number={number} words={words.say('phone')} />;
}
