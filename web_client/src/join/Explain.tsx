/** Before the browser asks: a picture of its question, and what each device is for. The same page waits for the answer. */
import { Mic, VideoOff } from 'lucide-react';
import type { Ref } from 'react';
import { PermissionPicture, Reasons, ResidentBlock, ResidentHeading } from '../design';
import { useWords } from '../words';
import { type Browser, dialogShape } from './browser';

export function Explain({
  browser,
  asking,
  headingRef,
}: {
  browser: Browser;
  /** The question is on the screen now. */
  asking: boolean;
  headingRef: Ref<HTMLHeadingElement>;
}) {
  const words = useWords('join');
  const shape = dialogShape(browser);
  const host = window.location.hostname;
  const allow = { ios: 'explain.allow', android: 'explain.allow_android', desktop: 'explain.allow_desktop' };
  return (
    <>
      <ResidentHeading
        headingRef={headingRef}
        text={words.say(asking ? 'explain.asking' : 'explain.heading')}
        lead={asking ? words.name('explain.asking_more') : undefined}
      />
      <PermissionPicture
        shape={shape}
        words={{
          label: words.say('explain.picture'),
          spoken: words.name('explain.picture_label'),
          host,
          question: words.name(`explain.asks_${shape}`, { host }),
          devices: words.name('explain.asks_devices'),
          deny: words.name('explain.deny'),
          allow: words.name(allow[shape]),
          pressHere: words.say('explain.press_here'),
        }}
      />
      <ResidentBlock>
        <Reasons
          reasons={[
            { icon: Mic, word: words.name('explain.microphone'), text: words.say('explain.microphone_why') },
            { icon: VideoOff, word: words.name('explain.camera'), text: words.say('explain.camera_why') },
          ]}
        />
      </ResidentBlock>
    </>
  );
}
