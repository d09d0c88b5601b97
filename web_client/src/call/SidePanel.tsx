/** The panel beside or under the stage: people and chat as tabs. */
import { type ReactNode, Suspense, useEffect } from 'react';
import { PanelBody, type Shape, Tabs } from '../design';
import type { View } from '../view/View';
import type { Words } from '../words';
import { ChatBox, ChatLines, ViewPanel } from './later';
import type { LiveChat } from './useChat';

export type SideTab = 'people' | 'chat' | 'view';

export function SidePanel({
  tab,
  onTab,
  shape,
  people,
  chat,
  identity,
  words,
  view,
}: {
  tab: SideTab;
  onTab: (tab: SideTab) => void;
  shape: Shape;
  people: ReactNode;
  chat: LiveChat;
  identity: string;
  words: Words;
  /** What is presented, while it is. */
  view: View | null;
}) {
  useEffect(() => {
    if (view) onTab('view');
  }, [view, onTab]);
  const seen = tab === 'view' && !view ? 'people' : tab;
  return (
    <Suspense>
      <Tabs
        label={words.name('panel.label')}
        tabs={[
          ...(view ? [{ key: 'view' as const, label: words.name('panel.view') }] : []),
          { key: 'people', label: words.name('people.title') },
          { key: 'chat', label: words.name('chat.title'), unread: chat.chat.unread > 0 },
        ]}
        selected={seen}
        onSelect={onTab}
        tall={shape !== 'desk'}
        fill
        stretch
      >
        {seen === 'view' && view ? (
          <ViewPanel view={view} />
        ) : (
          <PanelBody>
            {seen === 'people' ? people : <ChatLines live={chat} identity={identity} words={words} />}
          </PanelBody>
        )}
      </Tabs>
      {seen === 'chat' && <ChatBox live={chat} words={words} />}
    </Suspense>
  );
}
