/** To be told when a record changes, or when something new of its kind comes: by the notices somebody has, or asks for. */
import { Bell, CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { post, type ServicePage } from '../api';
import {
  Button,
  ErrorNotice,
  Furigana,
  LinkButton,
  ResidentBlock,
  ResidentStatus,
  ResidentText,
  Stack,
} from '../design';
import type { Words } from '../words';
import { noticesCode } from './device';
import { titleOf } from './serviceWords';

interface Wish {
  topic: 'entry' | 'category';
  key: string;
  text: string;
}

export function FollowBlock({
  page,
  takesSubscribers,
  words,
}: {
  page: ServicePage;
  takesSubscribers: boolean;
  words: Words;
}) {
  const code = noticesCode();
  if (page.service.is_sensitive || !page.follow_key || (!takesSubscribers && !code)) return null;
  const title = titleOf(page.service, words.language);
  const wishes: Wish[] = [
    { topic: 'entry', key: page.follow_key, text: words.say('follow.entry') },
    ...(page.service.kind === 'work' || page.service.kind === 'facility'
      ? []
      : page.categories.slice(0, 1)
    ).map((category) => ({
      topic: 'category' as const,
      key: category,
      text: words.say('follow.category', { category }),
    })),
  ];
  return (
    <ResidentBlock title={words.say('follow.heading')}>
      <Stack gap={3}>
        <ResidentText text={words.say(code ? 'follow.lead' : 'follow.lead_mail', { title })} />
        {wishes.map((wish) =>
          code ? (
            <FollowNow key={wish.key} code={code} wish={wish} words={words} />
          ) : (
            <LinkButton
              key={wish.key}
              look="second"
              block
              icon={Bell}
              to={`/n?follow=${encodeURIComponent(`${wish.topic}:${wish.key}`)}`}
            >
              <Furigana text={wish.text} />
            </LinkButton>
          ),
        )}
      </Stack>
    </ResidentBlock>
  );
}

function FollowNow({ code, wish, words }: { code: string; wish: Wish; words: Words }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [isDone, setDone] = useState(false);
  const follow = () => {
    setBusy(true);
    setError(null);
    const { topic, key } = wish;
    post('/notices/{code}/follows', { path: { code }, body: { topic, key } })
      .then(() => setDone(true), setError)
      .finally(() => setBusy(false));
  };
  if (isDone)
    return (
      <ResidentStatus good icon={CircleCheck} text={words.say('follow.done')}>
        <LinkButton look="quiet" to={`/n/${code}`}>
          <Furigana text={words.say('notices.own')} />
        </LinkButton>
      </ResidentStatus>
    );
  return (
    <Stack gap={2}>
      {error !== null && <ErrorNotice title={words.name('follow.failed')} error={error} />}
      <Button
        look="second"
        block
        icon={Bell}
        busy={busy}
        busyLabel={words.name('follow.busy')}
        onClick={follow}
      >
        <Furigana text={wish.text} />
      </Button>
    </Stack>
  );
}
