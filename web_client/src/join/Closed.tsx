/** Pages without a way forward in the browser: a link that opens nothing, no network, and the end of a talk. */
import { CircleCheck, PhoneOff, Unplug } from 'lucide-react';
import { lazy, type Ref, Suspense } from 'react';
import { ResidentBlock, ResidentMatter, ResidentText } from '../design';
import { useWords } from '../words';
import type { Ending, Refusal } from './journey';

const LinkCards = lazy(() =>
  import('../concierge/LinkCards').then(
    ({ LinkCards }) => ({ default: LinkCards }),
    () => ({ default: () => null }), // without a line the page says what matters
  ),
);

export function Refused({ reason, headingRef }: { reason: Refusal; headingRef: Ref<HTMLHeadingElement> }) {
  const words = useWords('join');
  return (
    <>
      <ResidentMatter
        icon={reason === 'closed' ? CircleCheck : PhoneOff}
        look={reason === 'closed' ? 'ok' : 'warn'}
        headingRef={headingRef}
        text={words.say(`refused.${reason}.heading`)}
      >
        <ResidentText text={words.say(`refused.${reason}.what`)} />
      </ResidentMatter>
      <ResidentBlock>
        <ResidentText voice="strong" text={words.say(`refused.${reason}.do`)} />
      </ResidentBlock>
      {reason === 'closed' && (
        <Suspense>
          <LinkCards />
        </Suspense>
      )}
    </>
  );
}

export function Unreachable({ headingRef }: { headingRef: Ref<HTMLHeadingElement> }) {
  const words = useWords('join');
  return (
    <>
      <ResidentMatter icon={Unplug} headingRef={headingRef} text={words.say('unreachable.heading')}>
        <ResidentText text={words.say('unreachable.what')} />
      </ResidentMatter>
      <ResidentBlock>
        <ResidentText voice="strong" text={words.say('unreachable.do')} />
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
      <ResidentMatter
        icon={lost ? Unplug : CircleCheck}
        look={lost ? 'warn' : 'ok'}
        headingRef={headingRef}
        text={words.say(`ended.${ending}.heading`)}
      >
        <ResidentText text={words.say(`ended.${ending}.what`)} />
      </ResidentMatter>
      <ResidentBlock title={words.say('ended.what_now')}>
        {!lost && <ResidentText text={words.say('ended.close_page')} />}
        <ResidentText text={words.say('ended.call')} />
        {ending === 'left' && <ResidentText text={words.say('ended.come_back')} />}
      </ResidentBlock>
      <Suspense>
        <LinkCards />
      </Suspense>
    </>
  );
}
