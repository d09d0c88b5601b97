/** `/n/:code`: somebody's own notices: the yes of the first visit, then what, when, what was told, and the way out. */
import { BellMinus, CircleCheck, MailX } from 'lucide-react';
import { useEffect } from 'react';
import { type NoticesView, post } from '../api';
import {
  Button,
  ErrorNotice,
  Furigana,
  Loading,
  PhoneLink,
  ResidentBlock,
  ResidentHeading,
  ResidentMatter,
  ResidentPage,
  ResidentText,
  Stack,
  UnderButton,
} from '../design';
import { Reading, ResidentBand } from '../join/Band';
import { useOffice } from '../join/office';
import { day } from '../letter/day';
import { useWords, type Words } from '../words';
import { FromServices } from './FromServices';
import { type OwnNotices, TOPICS, useOwnNotices } from './ownNotices';
import { Proxies, ProxyFor } from './Proxies';
import { Rhythm } from './Rhythm';
import { Ended, NotNow } from './Sentences';
import { Told } from './Told';
import { TopicCard } from './TopicCard';
import { forget } from './thisDevice';
import { Way } from './Way';

export function OwnRoute({ code, opened = null }: { code: string; opened?: string | null }) {
  const words = useWords('notices');
  const office = useOffice();
  const own = useOwnNotices(code);
  const { found } = own;
  const page = found.at === 'shown' ? found.page : null;
  const phone = page?.office_phone || office?.office_phone || '';
  useEffect(() => {
    document.title = words.name('title');
  }, [words]);
  const isAsked = page?.state === 'asked';
  const isOver = found.at === 'gone' || found.at === 'stopped';
  useEffect(() => {
    if (isOver) void forget(code);
  }, [isOver, code]);
  return (
    <ResidentPage
      band={<ResidentBand organisation={page?.organisation ?? office?.organisation ?? ''} />}
      footLook={page ? 'plain' : 'quiet'}
      foot={
        page && !isAsked ? (
          <StopAll own={own} words={words} />
        ) : (
          phone && <PhoneLink number={phone} words={words.say('phone')} />
        )
      }
    >
      <Reading />
      {found.at === 'reading' && <Loading label={words.name('reading')} lines={2} />}
      {(found.at === 'gone' || found.at === 'stopped') && <Ended how={found.at} words={words} />}
      {(found.at === 'too_many' || found.at === 'unreachable') && (
        <NotNow how={found.at} words={words} again={own.again} />
      )}
      {page && isAsked && <SayYes code={code} page={page} own={own} words={words} />}
      {page && !isAsked && <Settings code={code} page={page} own={own} words={words} opened={opened} />}
    </ResidentPage>
  );
}

interface Parts {
  code: string;
  page: NoticesView;
  own: OwnNotices;
  words: Words;
}

function SayYes({ code, page, own, words }: Parts) {
  return (
    <Stack gap={6}>
      <ResidentHeading
        text={words.say('confirm.heading')}
        lead={
          <Furigana
            text={
              page.proxy_for
                ? words.say('proxy.asked', {
                    name: page.proxy_for.name,
                    until: day(page.proxy_for.until, words.language),
                  })
                : words.say('confirm.lead', { address: page.address })
            }
          />
        }
      />
      {own.error !== null && <ErrorNotice title={words.name('page.failed')} error={own.error} />}
      <Button
        size="large"
        block
        icon={CircleCheck}
        busy={own.busy}
        busyLabel={words.name('confirm.busy')}
        onClick={() => own.change(() => post('/notices/{code}/confirm', { path: { code } }))}
      >
        <Furigana text={words.say('confirm.yes')} />
      </Button>
      <ResidentText voice="note" text={words.say('confirm.no')} />
    </Stack>
  );
}

function Settings({ code, page, own, words, opened }: Parts & { opened: string | null }) {
  const isProxy = page.proxy_for !== null;
  return (
    <>
      <ResidentHeading
        text={words.say('page.heading')}
        lead={
          <Furigana
            text={words.say(page.channel === 'push' ? 'page.to_push' : 'page.to', { address: page.address })}
          />
        }
      />
      <ResidentBlock>
        <Stack gap={4}>
          {page.state === 'bounced' && (
            <ResidentMatter icon={MailX} level="h3" text={words.say('bounced.heading')}>
              <ResidentText text={words.say('bounced.do', { address: page.address })} />
              <Button
                look="second"
                busy={own.busy}
                onClick={() => own.change(() => post('/notices/{code}/confirm', { path: { code } }))}
              >
                <Furigana text={words.say('bounced.yes')} />
              </Button>
            </ResidentMatter>
          )}
          {page.proxy_for && <ProxyFor of={page.proxy_for} words={words} />}
          {!isProxy && <FromServices code={code} page={page} own={own} words={words} />}
          {!isProxy && page.follows.length === 0 && <ResidentText text={words.say('page.empty')} />}
          {own.error !== null && <ErrorNotice title={words.name('page.failed')} error={own.error} />}
          {opened && <Told page={page} words={words} opened={opened} />}
          {!isProxy &&
            TOPICS.map((topic) => (
              <TopicCard key={topic} topic={topic} code={code} page={page} own={own} words={words} />
            ))}
          <Way code={code} page={page} own={own} words={words} />
          <Rhythm code={code} page={page} own={own} words={words} />
          {!isProxy && <Proxies code={code} page={page} own={own} words={words} />}
          {!opened && <Told page={page} words={words} opened={null} />}
        </Stack>
      </ResidentBlock>
    </>
  );
}

function StopAll({ own, words }: { own: OwnNotices; words: Words }) {
  return (
    <>
      <Button
        look="plain"
        size="large"
        block
        icon={BellMinus}
        busy={own.busy}
        busyLabel={words.name('stop.busy')}
        onClick={own.stop}
      >
        <Furigana text={words.say('stop.all')} />
      </Button>
      <UnderButton>
        <Furigana text={words.say('stop.note')} />
      </UnderButton>
    </>
  );
}
