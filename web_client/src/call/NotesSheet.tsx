/** The outbox as a sheet of a call, and a spoken note among the lines of the chat. */
import { getFile } from '../api';
import { Sheet, SoundClip } from '../design';
import { clipWords, OutboxPanel } from '../outbox/OutboxPanel';
import { useKeepSending } from '../outbox/useKeepSending';
import { useWords } from '../words';
import type { ChatLine } from './chat';

export function NotesSheet({
  open,
  onClose,
  account,
  callId,
}: {
  open: boolean;
  onClose: () => void;
  account: string;
  callId: string;
}) {
  const words = useWords('weak');
  useKeepSending(account);
  return (
    <Sheet open={open} onClose={onClose} title={words.name('outbox.title')}>
      <OutboxPanel account={account} callId={callId} />
    </Sheet>
  );
}

/** Played from the server; every time is a row of the access log. */
export function NoteLine({ line }: { line: ChatLine }) {
  const words = useWords('weak');
  if (!line.note) return null;
  const { id, duration_ms } = line.note;
  return (
    <SoundClip
      length_s={duration_ms / 1000}
      load={async () => {
        const path = { call_id: line.call_id, note_id: id };
        return (await getFile('/calls/{call_id}/notes/{note_id}/sound', { path })).blob();
      }}
      words={clipWords(words)}
    />
  );
}
