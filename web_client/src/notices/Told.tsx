/** What somebody was told, newest first: each with its reason, its source and whom to ask; on paper too. */
import { Printer } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { NoticesView } from '../api';
import {
  Button,
  Furigana,
  LetterPaper,
  LinkButton,
  ResidentBlock,
  ResidentText,
  Stack,
  SwitchItem,
  Tag,
} from '../design';
import { day } from '../letter/day';
import type { Words } from '../words';

export function Told({
  page,
  words,
  opened,
}: {
  page: NoticesView;
  words: Words;
  /** The notice that somebody pressed, as its id; it is brought into view. */
  opened: string | null;
}) {
  const there = useRef<HTMLDivElement>(null);
  const isThere = page.told.some(({ id }) => id === opened);
  useEffect(() => {
    if (!isThere) return;
    there.current?.scrollIntoView({ block: 'center' });
    there.current?.focus({ preventScroll: true });
  }, [isThere]);
  return (
    <LetterPaper from={page.organisation}>
      <ResidentBlock title={words.say('told.heading')}>
        {page.told.length === 0 ? (
          <ResidentText text={words.say('told.empty')} />
        ) : (
          <Stack gap={3}>
            {page.told.map((notice) => (
              <SwitchItem
                key={notice.id}
                ref={notice.id === opened ? there : undefined}
                current={notice.id === opened}
                tag={
                  notice.is_over && (
                    <Tag>
                      <Furigana text={words.say('told.over')} />
                    </Tag>
                  )
                }
                title={notice.title}
                lines={[day(notice.made_at, words.language), ...notice.lines, ...foot(notice, words)]}
              >
                {notice.url && !notice.is_over && (
                  <LinkButton look="quiet" href={notice.url} target="_blank">
                    <Furigana text={words.say('told.more')} />
                  </LinkButton>
                )}
              </SwitchItem>
            ))}
            <Button look="second" icon={Printer} onClick={() => window.print()}>
              <Furigana text={words.say('told.print')} />
            </Button>
          </Stack>
        )}
      </ResidentBlock>
    </LetterPaper>
  );
}

function foot(notice: NoticesView['told'][number], words: Words): string[] {
  const { source, source_day, reason } = notice;
  const who = [notice.contact, notice.phone].filter(Boolean).join(' ');
  return [
    words.say('told.reason', { reason }),
    source_day
      ? words.say('told.source_day', { source, day: day(source_day, words.language) })
      : words.say('told.source', { source }),
    ...(who ? [words.say('told.ask', { who })] : []),
  ];
}
