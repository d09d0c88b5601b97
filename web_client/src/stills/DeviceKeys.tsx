/** For administrators: the keys by which devices sign stills, and taking that of a lost device out of use. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, ShieldOff } from 'lucide-react';
import { useState } from 'react';
import { get, type OwnedKey, post } from '../api';
import { dateOf, timeOf } from '../clock';
import {
  Button,
  Card,
  type Column,
  DataTable,
  Dialog,
  Empty,
  ErrorNotice,
  Failed,
  Loading,
  Words as Paragraph,
  PersonCell,
  Portrait,
  Stack,
  Tag,
} from '../design';
import { useWords, type Words } from '../words';

const KEY = ['admin', 'device-keys'];

export function DeviceKeys() {
  const words = useWords('still');
  const keys = useQuery({ queryKey: KEY, queryFn: () => get('/admin/device-keys') });
  const [revoking, setRevoking] = useState<OwnedKey | null>(null);
  if (keys.isPending) return <Loading label={words.name('keys.reading')} lines={4} />;
  if (!keys.data)
    return (
      <Failed title={words.name('keys.failed')} error={keys.error} onRetry={() => void keys.refetch()} />
    );
  const rows = keys.data.keys;
  return (
    <Stack>
      <Paragraph voice="note">{words.name('keys.about')}</Paragraph>
      {rows.length === 0 ? (
        <Card pad={false}>
          <Empty icon={KeyRound} title={words.name('keys.none')}>
            <p>{words.name('keys.none_more')}</p>
          </Empty>
        </Card>
      ) : (
        <DataTable
          caption={words.name('keys.title')}
          columns={columnsOf(words, setRevoking)}
          rows={rows}
          rowKey={({ id }) => id}
        />
      )}
      <RevokeDialog entry={revoking} onClose={() => setRevoking(null)} words={words} />
    </Stack>
  );
}

function columnsOf(words: Words, onRevoke: (entry: OwnedKey) => void): Column<OwnedKey>[] {
  const when = (at: string) => `${dateOf(at, words.language)} ${timeOf(at)}`;
  return [
    {
      key: 'person',
      label: words.name('keys.person'),
      lead: true,
      cell: ({ person }) => (
        <PersonCell
          portrait={<Portrait name={person.name} role={person.role} />}
          name={person.name}
          note={person.staff_no}
        />
      ),
    },
    { key: 'device', label: words.name('keys.device'), cell: ({ label }) => label },
    { key: 'id', label: words.name('keys.fingerprint'), figures: true, cell: ({ id }) => id.slice(0, 16) },
    {
      key: 'since',
      label: words.name('keys.since'),
      figures: true,
      cell: ({ registered_at }) => when(registered_at),
    },
    {
      key: 'state',
      label: words.name('keys.state'),
      cell: ({ revoked_at }) =>
        revoked_at ? (
          <Tag look="danger">{words.name('keys.revoked', { when: when(revoked_at) })}</Tag>
        ) : (
          <Tag look="ok">{words.name('keys.good')}</Tag>
        ),
    },
    {
      key: 'act',
      label: words.name('keys.revoke'),
      labelHidden: true,
      cell: (entry) =>
        !entry.revoked_at && (
          <Button size="small" look="danger-line" icon={ShieldOff} onClick={() => onRevoke(entry)}>
            {words.name('keys.revoke')}
          </Button>
        ),
    },
  ];
}

function RevokeDialog({
  entry,
  onClose,
  words,
}: {
  entry: OwnedKey | null;
  onClose: () => void;
  words: Words;
}) {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: (key_id: string) => post('/admin/device-keys/{key_id}/revoke', { path: { key_id } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: KEY });
      onClose();
    },
  });
  return (
    <Dialog
      open={entry !== null}
      onClose={onClose}
      title={words.name('keys.ask', { name: entry?.person.name ?? '', device: entry?.label ?? '' })}
      actions={
        <>
          <Button look="danger" busy={revoke.isPending} onClick={() => entry && revoke.mutate(entry.id)}>
            {words.name('keys.revoke')}
          </Button>
          <Button look="plain" onClick={onClose}>
            {words.name('keys.keep')}
          </Button>
        </>
      }
    >
      <p>{words.name('keys.ask_more')}</p>
      {revoke.error && <ErrorNotice title={words.name('keys.not_revoked')} error={revoke.error} />}
    </Dialog>
  );
}
