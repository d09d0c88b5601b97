/** Calling more people: a personal link for residents and others from outside, or a colleague by search. */
import { useState } from 'react';
import type { Call } from '../api';
import { Sheet, Tabs } from '../design';
import type { Words } from '../words';
import { InviteByLink } from './InviteByLink';
import { InviteStaff } from './InviteStaff';

export function InviteSheet({
  open,
  onClose,
  call,
  words,
}: {
  open: boolean;
  onClose: () => void;
  call: Call;
  words: Words;
}) {
  const [tab, setTab] = useState<'link' | 'staff'>('link');
  return (
    <Sheet open={open} onClose={onClose} title={words.name('invite.title')}>
      <Tabs
        label={words.name('invite.title')}
        tabs={[
          { key: 'link', label: words.name('invite.by_link') },
          { key: 'staff', label: words.name('invite.staff') },
        ]}
        selected={tab}
        onSelect={setTab}
        fill
      >
        {tab === 'link' ? (
          <InviteByLink callId={call.id} words={words} />
        ) : (
          <InviteStaff call={call} words={words} />
        )}
      </Tabs>
    </Sheet>
  );
}
