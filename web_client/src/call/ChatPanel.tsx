/** The chat as a panel or a sheet: the log in its four states and the box to write in. */
import { Suspense } from 'react';
import {
  ChatComposer,
  ChatLog,
  Empty,
  Failed,
  Furigana,
  isRole,
  Loading,
  type UnsentLine,
  type WrittenLine,
} from '../design';
import { timeOfDay } from '../join/when';
import type { Words } from '../words';
import type { Chat, ChatLine } from './chat';
import { NoteAsQuestion, NoteLine, QuestionsInCall } from './later';
import { isStaffIdentity } from './members';
import type { LiveChat } from './useChat';

function written(line: ChatLine, identity: string, words: Words): WrittenLine {
  const own = line.sender_identity === identity;
  return {
    id: line.id,
    who: own ? words.name('chat.you') : line.sender_name,
    role: isRole(line.sender_role) ? line.sender_role : 'partner',
    at: timeOfDay(line.sent_at),
    text: line.text,
    own,
    sound: (
      <Suspense>
        {line.note && <NoteLine line={line} />}
        {isStaffIdentity(identity) && !own && line.text && <NoteAsQuestion line={line} />}
      </Suspense>
    ),
  };
}

function LogState({ chat, words, onRead }: { chat: Chat; words: Words; onRead: () => void }) {
  if (chat.lines.length + chat.drafts.length > 0) return null;
  if (chat.history === 'loading') return <Loading label={words.name('chat.loading')} lines={2} />;
  if (chat.history === 'failed')
    return (
      <Failed title={words.say('chat.failed')} onRetry={onRead}>
        {null}
      </Failed>
    );
  return (
    <Empty title={words.say('chat.empty')}>
      <Furigana text={words.say('chat.empty_more')} />
    </Empty>
  );
}

/** The lines; scrolls with whatever holds it. */
export function ChatLines({
  live,
  identity,
  words,
  large = false,
}: {
  live: LiveChat;
  identity: string;
  words: Words;
  large?: boolean;
}) {
  const { chat, send, readAgain } = live;
  const again = (line: UnsentLine) => send(line.text, line.key);
  return (
    <>
      <Suspense>
        <QuestionsInCall callId={live.callId} isStaff={isStaffIdentity(identity)} />
      </Suspense>
      <LogState chat={chat} words={words} onRead={readAgain} />
      <ChatLog
        label={words.name('chat.log')}
        lines={chat.lines.map((line) => written(line, identity, words))}
        unsent={chat.drafts}
        words={{
          sending: words.name('chat.sending'),
          notSent: words.name('chat.not_sent'),
          again: words.name('chat.again'),
        }}
        onAgain={again}
        large={large}
      />
    </>
  );
}

export function ChatBox({
  live,
  words,
  large = false,
  bare = false,
}: {
  live: LiveChat;
  words: Words;
  large?: boolean;
  bare?: boolean;
}) {
  return (
    <ChatComposer
      label={words.name('chat.write')}
      send={words.name('chat.send')}
      onSend={(text) => live.send(text)}
      large={large}
      bare={bare}
    />
  );
}
