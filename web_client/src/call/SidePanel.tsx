/** The panel beside or under the stage: people and chat as tabs. */
import { type ReactNode, Suspense } from 'react';
import { PanelBody, type Shape, Tabs } from '../design';
import type { Words } from '../words';
import { ChatBox, ChatLines } from './later';
import type { LiveChat } from './useChat';

export function SidePanel({
  tab,
  onTab,
  shape,
  people,
  chat,
  identity,
  words,
}: {
  tab: 'people' | 'chat';
  onTab: (tab: 'people' | 'chat') => void;
  shape: Shape;
  people: ReactNode;
  chat: LiveChat;
  identity: string;
  words: Words;
}) {
  return (
    <Suspense>
      <Tabs
        label={words.name('panel.label')}
        tabs={[
          { key: 'people', label: words.name('people.title') },
          { key: 'chat', label: words.name('chat.title'), unread: chat.chat.unread > 0 },
        ]}
        selected={tab}
        onSelect={onTab}
        tall={shape !== 'desk'}
        fill
        stretch
      >
        <PanelBody>
          {tab === 'people' ? people : <ChatLines live={chat} identity={identity} words={words} />}
        </PanelBody>
      </Tabs>
      {tab === 'chat' && <ChatBox live={chat} words={words} />}
    </Suspense>
  );
}
