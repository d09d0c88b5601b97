/** On the field worker's home: what waits on this device, sent by itself; and how much data a call may take. */
import { useState } from 'react';
import type { Person } from '../api';
import { SaverChoice } from '../call/LineSheet';
import { staffIdentity } from '../call/members';
import { saverKey } from '../call/saverKey';
import { parseSaver, type Saver } from '../call/traffic';
import { Card, Section, Stack } from '../design';
import { OutboxPanel } from '../outbox/OutboxPanel';
import { useKeepSending } from '../outbox/useKeepSending';
import { useWords } from '../words';

export function WaitingNotes({ person }: { person: Person }) {
  const words = useWords('weak');
  const account = staffIdentity(person.id);
  const waiting = useKeepSending(account);
  const [saver, setSaver] = useState<Saver>(() => parseSaver(localStorage.getItem(saverKey(account))));
  const choose = (cap_mb: number) => {
    const chosen: Saver = { cap_mb, goesOnIn: '' };
    localStorage.setItem(saverKey(account), JSON.stringify(chosen));
    setSaver(chosen);
  };
  return (
    <>
      {waiting !== null && waiting.length > 0 && (
        <Section title={words.name('outbox.title')}>
          <OutboxPanel account={account} callId={null} />
        </Section>
      )}
      <Section title={words.name('sheet.traffic')}>
        <Card>
          <Stack>
            <SaverChoice saver={saver} onCap={choose} />
          </Stack>
        </Card>
      </Section>
    </>
  );
}
