/** A list of free slots from a file: what it says first, then taken in at once or not at all. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { FileUp } from 'lucide-react';
import { type ChangeEvent, useState } from 'react';
import { put, type SlotFeed } from '../api';
import { Button, Dialog, ErrorNotice, FileField, Stack } from '../design';
import { useWords } from '../words';
import { SLOT_FEEDS } from './queryKey';
import { SlotReport } from './SlotReport';

type Bytes = Uint8Array<ArrayBuffer>;

export function BringSlots({ feed, onClose }: { feed: SlotFeed; onClose: () => void }) {
  const words = useWords('slots');
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<Bytes | null>(null);
  const send = useMutation({
    mutationFn: ({ bytes, check }: { bytes: Bytes; check: boolean }) =>
      put('/admin/slot-feeds/{feed_id}/slots', { path: { feed_id: feed.id }, query: { check }, bytes }),
    onSuccess: async ({ taken }) => {
      if (taken) await queries.invalidateQueries({ queryKey: SLOT_FEEDS });
    },
  });
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    if (!file) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    setChosen(bytes);
    send.mutate({ bytes, check: true });
  };
  const look = send.data;
  const isReady = chosen !== null && look !== undefined && !look.fault && !look.taken;
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.name('bring_title', { name: feed.name })}
      actions={
        <>
          {isReady && (
            <Button
              busy={send.isPending}
              busyLabel={words.name('taking')}
              onClick={() => send.mutate({ bytes: chosen, check: false })}
            >
              {words.name('take')}
            </Button>
          )}
          <Button look="second" onClick={onClose}>
            {words.name('close')}
          </Button>
        </>
      }
    >
      <Stack>
        <FileField
          label={words.name('file')}
          hint={words.name('file_hint')}
          icon={FileUp}
          accept=".csv,.json,.ics,text/csv"
          onClick={(event) => {
            event.currentTarget.value = ''; // the same file, put right, is another choice
          }}
          onChange={(event) => void choose(event)}
        />
        {send.error && <ErrorNotice title={words.name('act_failed')} error={send.error} />}
        {look && <SlotReport look={look} words={words} />}
      </Stack>
    </Dialog>
  );
}
