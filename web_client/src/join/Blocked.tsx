/** No microphone: the telephone first, because it works now, then three steps for this very browser. */
import { ExternalLink, MicOff } from 'lucide-react';
import type { Ref } from 'react';
import type { InvitationView } from '../api';
import {
  Furigana,
  LinkButton,
  PhoneLink,
  PicturedSteps,
  ResidentBlock,
  ResidentMatter,
  ResidentText,
} from '../design';
import { useWords } from '../words';
import { type Browser, externalAddress, guideFor } from './browser';
import type { Problem } from './devices';

/** Problems that three steps in the browser's settings cannot mend. */
const BEYOND_SETTINGS: readonly Problem[] = ['missing', 'busy', 'insecure', 'unknown'];

export function Blocked({
  view,
  phone,
  problem,
  browser,
  headingRef,
}: {
  view: InvitationView;
  phone: string;
  problem: Problem;
  browser: Browser;
  headingRef: Ref<HTMLHeadingElement>;
}) {
  const words = useWords('join');
  const number = view.office_phone || phone;
  return (
    <>
      <ResidentMatter icon={MicOff} headingRef={headingRef} text={words.say(`problem.${problem}.heading`)}>
        <ResidentText text={words.say(`problem.${problem}.effect`)} />
      </ResidentMatter>
      {number && (
        <ResidentBlock title={words.say('blocked.fastest')}>
          <PhoneLink
            look="primary"
            number={number}
            words={words.say('phone.call')}
            note={words.say('phone.answered_by', { name: familyName(view.host.name) })}
          />
        </ResidentBlock>
      )}
      {!BEYOND_SETTINGS.includes(problem) && <Fix browser={browser} />}
    </>
  );
}

/** 川上 of 川上 拓也: how a clerk is named on the telephone. */
function familyName(name: string): string {
  return name.split(/\s+/)[0] ?? name;
}

function Fix({ browser }: { browser: Browser }) {
  const words = useWords('join');
  const guide = guideFor(browser);
  const outside = externalAddress(browser, window.location.href);
  return (
    <ResidentBlock title={words.say(`blocked.fix_${guide}`)}>
      {outside && (
        <LinkButton look="second" size="large" icon={ExternalLink} block href={outside}>
          <Furigana text={words.say('blocked.open_outside')} />
        </LinkButton>
      )}
      {!outside && (
        <PicturedSteps
          steps={['first', 'second', 'third'].map((step) => ({
            text: words.say(`steps.${guide}.${step}.do`),
            picture: words.name(`steps.${guide}.${step}.press`),
          }))}
        />
      )}
      {guide !== 'in_app' && browser.system !== 'desktop' && (
        <ResidentBlock>
          <ResidentText voice="note" text={words.say('blocked.line_hint')} />
        </ResidentBlock>
      )}
    </ResidentBlock>
  );
}
