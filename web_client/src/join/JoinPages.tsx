/** One page per state of the journey: what it says, and the one thing to press at its foot. */
import { RefreshCw } from 'lucide-react';
import { type ReactNode, type Ref, useMemo } from 'react';
import type { InvitationView } from '../api';
import { Button, Furigana, Loading, PhoneLink, ResidentPage, Stack } from '../design';
import { useWords } from '../words';
import { Reading, ResidentBand } from './Band';
import { Blocked } from './Blocked';
import { identifyBrowser } from './browser';
import { Check, type Wishes } from './Check';
import { Ended, RETURNABLE, Refused, Unreachable } from './Closed';
import type { Problem } from './devices';
import { Explain } from './Explain';
import type { Journey, JourneyEvent } from './journey';
import { Landing } from './Landing';
import { useStepFocus } from './step';
import { WayOut } from './WayOut';

interface PagesProps {
  journey: Journey;
  view: InvitationView | null;
  phone: string;
  /** Whose page this is, for when the link tells nothing. */
  organisation: string;
  stream: MediaStream | null;
  wishes: Wishes;
  entryFailed: boolean;
  onWish: (wishes: Wishes) => void;
  onTalk: () => void;
  onEnter: () => void;
  send: (event: JourneyEvent) => void;
}

export function JoinPages(props: PagesProps) {
  const { journey, view, phone } = props;
  const step = journey.at === 'entering' ? 'checking' : journey.at;
  const heading = useStepFocus(step);
  const quiet = step === 'ready' || step === 'refused' || step === 'unreachable' || step === 'loading';
  const choices = quiet || step === 'ended';
  return (
    <ResidentPage
      band={
        <ResidentBand
          organisation={view?.organisation ?? props.organisation}
          office={view ? view.host.office || view.host.department : undefined}
        />
      }
      footLook={quiet || step === 'ended' ? 'quiet' : 'plain'}
      foot={quiet || step === 'ended' ? <WayOut view={view} phone={phone} /> : <Next {...props} />}
    >
      {choices && <Reading />}
      <StepBody {...props} heading={heading} />
      {(step === 'refused' || step === 'unreachable' || step === 'ended') && <Again {...props} />}
    </ResidentPage>
  );
}

function StepBody(props: PagesProps & { heading: Ref<HTMLHeadingElement> }): ReactNode {
  const { journey, view, phone, heading } = props;
  const words = useWords('join');
  const browser = useMemo(() => identifyBrowser(navigator), []);
  if (journey.at === 'refused') return <Refused reason={journey.reason} headingRef={heading} />;
  if (journey.at === 'unreachable') return <Unreachable headingRef={heading} />;
  if (journey.at === 'ended') return <Ended ending={journey.ending} headingRef={heading} />;
  if (view === null || journey.at === 'loading' || journey.at === 'talking') {
    return <Loading label={words.name('landing.loading')} lines={2} />;
  }
  switch (journey.at) {
    case 'ready':
      return <Landing view={view} headingRef={heading} onTalk={props.onTalk} />;
    case 'explaining':
    case 'asking':
      return <Explain browser={browser} asking={journey.at === 'asking'} headingRef={heading} />;
    case 'blocked':
      return (
        <Blocked
          view={view}
          phone={phone}
          problem={problemOf(journey.report.microphone)}
          browser={browser}
          headingRef={heading}
        />
      );
    case 'checking':
    case 'entering':
      return (
        <Check
          report={journey.report}
          stream={props.stream}
          wishes={props.wishes}
          onWish={props.onWish}
          asksName={view.guest_name === ''}
          failed={props.entryFailed}
          headingRef={heading}
        />
      );
  }
}

function problemOf(state: { ok: true } | { ok: false; problem: Problem }): Problem {
  return state.ok ? 'unknown' : state.problem;
}

/** The foot of the pages that lead on: the next thing to press, the telephone under it. */
function Next(props: PagesProps) {
  const { journey, view, phone, send } = props;
  const words = useWords('join');
  const number = view?.office_phone || phone;
  if (journey.at === 'blocked') {
    return (
      <Stack gap={2}>
        <Button block size="large" look="second" icon={RefreshCw} onClick={() => send({ type: 'retry' })}>
          <Furigana text={words.say('blocked.again')} />
        </Button>
        <Button block look="quiet" onClick={props.onEnter}>
          <Furigana text={words.say('blocked.listen_only')} />
        </Button>
      </Stack>
    );
  }
  const checking = journey.at === 'checking' || journey.at === 'entering';
  return (
    <Stack gap={2}>
      {checking ? (
        <Button
          block
          size="large"
          busy={journey.at === 'entering'}
          busyLabel={words.name('check.entering')}
          onClick={props.onEnter}
        >
          <Furigana text={words.say(props.wishes.camera ? 'check.enter' : 'check.enter_without_camera')} />
        </Button>
      ) : (
        <Button
          block
          size="large"
          busy={journey.at === 'asking'}
          busyLabel={words.name('explain.asking')}
          onClick={() => send({ type: 'understood' })}
        >
          <Furigana text={words.say('explain.go_on')} />
        </Button>
      )}
      {number && <PhoneLink look="quiet" number={number} words={words.say('phone.call')} />}
    </Stack>
  );
}

/** A second try, where one makes sense. */
function Again({ journey, send }: PagesProps) {
  const words = useWords('join');
  const returnable = journey.at === 'ended' && RETURNABLE.includes(journey.ending);
  const retryable =
    journey.at === 'unreachable' || (journey.at === 'refused' && journey.reason === 'too_many');
  if (!returnable && !retryable) return null;
  return (
    <Stack gap={4}>
      <span />
      <Button block size="large" icon={RefreshCw} onClick={() => send({ type: 'retry' })}>
        <Furigana text={words.say(returnable ? 'ended.again' : 'again')} />
      </Button>
    </Stack>
  );
}
