/** The first page behind a link: who calls, what about, when, one large button, and the telephone. */
import { Phone } from 'lucide-react';
import type { Ref } from 'react';
import type { InvitationView } from '../api';
import { Button, Furigana, HostCard, ResidentBlock, ResidentHeading, UnderButton } from '../design';
import { useWords, type Words } from '../words';
import { dayAndTime } from './when';

/** When it starts, or that it has started; easy Japanese says what it is about here instead. */
function Lead({ view, words, now }: { view: InvitationView; words: Words; now: Date }) {
  const when = dayAndTime(view.starts_at, words.language);
  const begun = new Date(view.starts_at) <= now;
  if (words.language === 'ja-easy' && view.call_title) {
    return <Furigana text={words.say('landing.about', { title: view.call_title })} />;
  }
  return <Furigana text={words.say(begun ? 'landing.since' : 'landing.from', { when })} />;
}

export function Landing({
  view,
  headingRef,
  onTalk,
}: {
  view: InvitationView;
  headingRef: Ref<HTMLHeadingElement>;
  onTalk: () => void;
}) {
  const words = useWords('join');
  const title = view.call_title;
  const { name, kana, post, department, office } = view.host;
  const easy = words.language === 'ja-easy';
  return (
    <>
      <ResidentHeading
        headingRef={headingRef}
        text={title ? words.say('landing.heading', { title }) : words.say('landing.heading_untitled')}
        lead={<Lead view={view} words={words} now={new Date()} />}
      />
      <ResidentBlock>
        <HostCard
          name={name}
          kana={kana}
          reading={easy ? 'above' : 'beside'}
          lines={easy ? [words.say('landing.who')] : [department || office, post]}
        />
      </ResidentBlock>
      <ResidentBlock>
        <Button size="hero" icon={Phone} onClick={onTalk}>
          <Furigana text={words.say('landing.talk')} />
        </Button>
        <UnderButton>
          <Furigana text={words.say('landing.cost')} />
          <br />
          <Furigana text={words.say('landing.face')} />
        </UnderButton>
      </ResidentBlock>
    </>
  );
}
