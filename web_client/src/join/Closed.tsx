/** Pages without a way forward in the browser: a link that opens nothing, no network, and the end of a talk. */
import { CircleCheck, PhoneOff, Unplug } from 'lucide-react';
import type { Ref } from 'react';
import { Notice, ResidentBlock, ResidentHeading, ResidentText } from '../design';
import { useWords } from '../words';
import type { Ending, Refusal } from './journey';

export function Refused({ reason, headingRef }: { reason: Refusal; headingRef: Ref<HTMLHeadingElement> }) {
  const words = useWords('join');
  return (
    <>
      <ResidentHeading headingRef={headingRef} text={words.say(`refused.${reason}.heading`)} />
      <ResidentBlock>
        <Notice look="warn" icon={PhoneOff}>
          <ResidentText text={words.say(`refused.${reason}.what`)} />
          <ResidentText text={words.say(`refused.${reason}.do`)} />
        </Notice>
      </ResidentBlock>
    </>
  );
}

export function Unreachable({ headingRef }: { headingRef: Ref<HTMLHeadingElement> }) {
  const words = useWords('join');
  return (
    <>
      <ResidentHeading headingRef={headingRef} text={words.say('unreachable.heading')} />
      <ResidentBlock>
        <Notice look="warn" icon={Unplug}>
          <ResidentText text={words.say('unreachable.what')} />
          <ResidentText text={words.say('unreachable.do')} />
        </Notice>
      </ResidentBlock>
    </>
  );
}

/** Ends after which the same link lets the person in again. */
export const RETURNABLE: readonly Ending[] = ['left', 'lost', 'replaced'];

export function Ended({ ending, headingRef }: { ending: Ending; headingRef: Ref<HTMLHeadingElement> }) {
  const words = useWords('join');
  const lost = ending === 'lost';
  return (
    <>
      <ResidentHeading headingRef={headingRef} text={words.say(`ended.${ending}.heading`)} />
      <ResidentBlock>
        <Notice look={lost ? 'warn' : 'ok'} icon={lost ? Unplug : CircleCheck}>
          <ResidentText text={words.say(`ended.${ending}.what`)} />
        </Notice>
      </ResidentBlock>
      <ResidentBlock title={words.say('ended.what_now')}>
        {!lost && <ResidentText text={words.say('ended.close_page')} />}
        <ResidentText text={words.say('ended.call')} />
        {ending === 'left' && <ResidentText text={words.say('ended.come_back')} />}
      </ResidentBlock>
    </>
  );
}
