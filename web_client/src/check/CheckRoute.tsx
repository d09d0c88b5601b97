/**
 * `/check`: whether this device and this line can make a call, in words, for everybody and without signing in. The
 * trying is `useCheck`, what it means `verdict.ts`; this file says it.
 */
import { CircleCheck, Gauge, RefreshCw, TriangleAlert } from 'lucide-react';
import { useEffect } from 'react';
import {
  Announce,
  Button,
  CheckSteps,
  CopyButton,
  CopyText,
  Disclosure,
  Furigana,
  NextSteps,
  Notice,
  PhoneFoot,
  PhoneLink,
  ResidentBlock,
  ResidentHeading,
  ResidentMatter,
  ResidentPage,
  ResidentText,
  Stack,
  UnderButton,
} from '../design';
import { useErrorWords } from '../design/States';
import { ReadingIn, ResidentBandIn } from '../join/Band';
import { useOffice } from '../join/office';
import { useStepFocus } from '../join/step';
import { useWords, type Words } from '../words';
import { reportText } from './report';
import { type Check, useCheck } from './useCheck';
import { type Findings, STEPS, type Step, verdictOn } from './verdict';

export function CheckRoute() {
  const words = useWords('check');
  const check = useCheck();
  const heading = useStepFocus(check.at);
  const office = useOffice();
  const phone = (check.plan ?? office)?.office_phone ?? '';
  const title = words.name('title');
  useEffect(() => {
    document.title = title;
  }, [title]);

  return (
    <ResidentPage
      band={<ResidentBandIn organisation={(check.plan ?? office)?.organisation ?? ''} words={words} />}
      footLook={check.at === 'done' ? 'quiet' : 'plain'}
      foot={<Foot check={check} phone={phone} words={words} />}
    >
      <ReadingIn words={words} />
      {check.at === 'done' ? (
        <Outcome check={check} phone={phone} words={words} heading={heading} />
      ) : (
        <ResidentHeading
          headingRef={heading}
          text={words.say(check.at === 'running' ? 'running.heading' : 'ready.heading')}
          lead={<Furigana text={words.say(check.at === 'running' ? 'running.lead' : 'ready.lead')} />}
        />
      )}
      {check.at === 'ready' ? (
        <ResidentBlock>
          <NextSteps texts={['time', 'devices', 'recorded'].map((key) => words.say(`ready.${key}`))} />
        </ResidentBlock>
      ) : (
        <ResidentBlock title={check.at === 'done' ? words.say('done.found') : undefined}>
          <Found check={check} words={words} />
        </ResidentBlock>
      )}
      {check.at === 'done' && <ForTheDesk check={check} words={words} />}
      <Announce>{check.at === 'running' ? progress(check, words) : ''}</Announce>
    </ResidentPage>
  );
}

function Foot({ check, phone, words }: { check: Check; phone: string; words: Words }) {
  if (check.at === 'done')
    return (
      <PhoneFoot words={words.say('phone.heading')}>
        {phone ? (
          <PhoneLink number={phone} words={words.say('phone.call')} />
        ) : (
          <ResidentText voice="note" text={words.say('phone.missing')} />
        )}
      </PhoneFoot>
    );
  return (
    <>
      <Button
        block
        size="large"
        icon={Gauge}
        busy={check.at === 'running'}
        busyLabel={words.name('running.button')}
        onClick={check.begin}
      >
        <Furigana text={words.say('ready.begin')} />
      </Button>
      {check.at === 'running' && <UnderButton>{progress(check, words)}</UnderButton>}
    </>
  );
}

function Outcome({
  check,
  phone,
  words,
  heading,
}: {
  check: Check;
  phone: string;
  words: Words;
  heading: ReturnType<typeof useStepFocus>;
}) {
  const errorWords = useErrorWords();
  const { can, advice } = verdictOn(check.findings);
  const isRefused = check.findings.states.server === 'weak';
  if (isRefused)
    return (
      <>
        <ResidentMatter icon={TriangleAlert} headingRef={heading} text={words.say('refused.heading')}>
          <ResidentText text={errorWords(check.error)} />
        </ResidentMatter>
        <Again check={check} words={words} />
      </>
    );
  return (
    <>
      <ResidentMatter
        icon={can === 'all' ? CircleCheck : TriangleAlert}
        look={can === 'all' ? 'ok' : 'warn'}
        headingRef={heading}
        text={words.say(`verdict.${can}.heading`)}
      >
        <ResidentText
          text={
            can === 'nothing' && phone
              ? words.say('verdict.nothing.telephone', { phone })
              : words.say(`verdict.${can}.what`)
          }
        />
      </ResidentMatter>
      <ResidentBlock title={words.say('done.next')}>
        <NextSteps texts={advice.map((each) => words.say(`advice.${each}`))} />
      </ResidentBlock>
      <Again check={check} words={words} />
    </>
  );
}

function Again({ check, words }: { check: Check; words: Words }) {
  return (
    <ResidentBlock>
      <Button block look="second" icon={RefreshCw} onClick={check.begin}>
        <Furigana text={words.say('done.again')} />
      </Button>
    </ResidentBlock>
  );
}

/** The steps of this check: a relay nobody has is no news. */
function stepsOf({ plan }: Check): readonly Step[] {
  return STEPS.filter((step) => step !== 'relay' || plan?.ways.includes('relay'));
}

function Found({ check, words }: { check: Check; words: Words }) {
  const { findings } = check;
  return (
    <CheckSteps
      label={words.name('steps')}
      steps={stepsOf(check).map((step) => ({
        key: step,
        name: words.say(`step.${step}`),
        state: findings.states[step],
        words: stateWords(findings, step, words),
      }))}
    />
  );
}

function stateWords(findings: Findings, step: Step, words: Words): string {
  const state = findings.states[step];
  const { quality } = findings;
  if (step === 'quality' && quality)
    return words.say(`quality.${state}`, {
      speed: quality.kbps >= 1000 ? (quality.kbps / 1000).toFixed(1) : (quality.kbps / 1000).toFixed(2),
      time: quality.round_trip_ms,
      loss: Math.round(quality.loss * 100),
    });
  // Reached, but too busy: that says nothing of how well.
  if (step === 'server' && state === 'weak') return words.say('state.refused');
  if (step === 'microphone' || step === 'camera') {
    const problem = findings[step];
    if (state === 'bad' && problem) return words.say(`device.${problem}`);
    if (state === 'running') return words.say('device.running');
  }
  return state === 'waiting' ? '' : words.say(`state.${state}`);
}

function progress(check: Check, words: Words): string {
  const steps = stepsOf(check);
  const current = steps.find((step) => check.findings.states[step] === 'running');
  if (!current) return '';
  const number = steps.indexOf(current) + 1;
  return words.name('running.progress', { step: words.name(`step.${current}`), number, of: steps.length });
}

function ForTheDesk({ check, words }: { check: Check; words: Words }) {
  const reference = check.plan?.reference ?? '';
  const text = reportText(
    check.findings,
    {
      reference,
      host: window.location.host,
      browser: navigator.userAgent,
      begun_at: check.begun_at ?? new Date(0),
    },
    words.name('desk.title'),
    {
      name: (step) => words.name(`step.${step}`),
      state: (step) => stateWords(check.findings, step, { ...words, say: words.name }),
    },
  );
  return (
    <ResidentBlock title={words.say('desk.heading')}>
      <Stack gap={3}>
        {reference ? (
          <ResidentText text={words.say('desk.reference', { reference })} />
        ) : (
          <Notice>
            <Furigana text={words.say('desk.no_reference')} />
          </Notice>
        )}
        <CopyButton text={text} label={words.name('desk.copy')} done={words.name('desk.copied')} />
        <Disclosure summary={words.name('desk.show')}>
          <CopyText text={text} />
        </Disclosure>
      </Stack>
    </ResidentBlock>
  );
}
