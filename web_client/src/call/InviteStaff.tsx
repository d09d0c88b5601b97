/** Calling a colleague: search by name, office or skill; whoever is added sees the call in their list at once. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Search, UserPlus, UserRoundCog } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { type Call, get, post, type StaffEntry } from '../api';
import {
  Button,
  Empty,
  Failed,
  Loading,
  Notice,
  PeopleList,
  PersonRow,
  PresenceTag,
  SearchField,
  Stack,
  Tag,
} from '../design';
import type { Words } from '../words';
import { plateParts } from './members';
import { callKey } from './useCallDetails';

export function InviteStaff({ call, words }: { call: Call; words: Words }) {
  const [typed, setTyped] = useState('');
  const q = useDeferredValue(typed.trim());
  const { data, error, refetch } = useQuery({
    queryKey: ['staff', q],
    queryFn: () => get('/staff', { query: { q } }),
    placeholderData: (before) => before,
  });
  const queries = useQueryClient();
  const add = useMutation({
    mutationFn: (staff_id: string) =>
      post('/calls/{call_id}/members', { path: { call_id: call.id }, body: { staff_id } }),
    onSuccess: (answer) => queries.setQueryData(callKey(call.id), answer),
  });
  const superior = useMutation({
    mutationFn: () => post('/calls/{call_id}/consultation/superior', { path: { call_id: call.id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: callKey(call.id) }),
  });
  const staff = data?.filter(({ id }) => id !== call.host.id);
  return (
    <Stack gap={4}>
      <span />
      {superior.isSuccess ? (
        <Notice look="ok" live>
          {words.name('invite.superior_rung')}
        </Notice>
      ) : (
        <Button
          block
          look="second"
          icon={UserRoundCog}
          busy={superior.isPending}
          onClick={() => superior.mutate()}
        >
          {words.name('invite.superior')}
        </Button>
      )}
      <SearchField
        icon={Search}
        label={words.name('invite.search')}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {(add.isError || superior.isError) && (
        <Notice look="danger" live>
          {words.name('invite.add_failed')}
        </Notice>
      )}
      {error && !staff && (
        <Failed title={words.name('invite.search_failed')} error={error} onRetry={() => void refetch()} />
      )}
      {!error && !staff && <Loading label={words.name('invite.searching')} />}
      {staff?.length === 0 && <Empty icon={Search} title={words.name('invite.search_empty')} />}
      {staff && staff.length > 0 && (
        <PeopleList label={words.name('invite.staff')}>
          {staff.map((entry) => (
            <PersonRow
              key={entry.id}
              name={entry.name}
              role={entry.role}
              lines={plateParts(entry)}
              tag={<PresenceTag status={entry.status} />}
              action={
                <AddButton
                  entry={entry}
                  call={call}
                  busy={add.isPending && add.variables === entry.id}
                  onAdd={() => add.mutate(entry.id)}
                  words={words}
                />
              }
            />
          ))}
        </PeopleList>
      )}
    </Stack>
  );
}

function AddButton({
  entry,
  call,
  busy,
  onAdd,
  words,
}: {
  entry: StaffEntry;
  call: Call;
  busy: boolean;
  onAdd: () => void;
  words: Words;
}) {
  const member = call.members.find(({ person }) => person.id === entry.id);
  if (member) {
    return <Tag look="ok">{words.name(member.joined ? 'invite.already' : 'invite.added')}</Tag>;
  }
  return (
    <Button
      size="small"
      look="second"
      icon={UserPlus}
      busy={busy}
      aria-label={`${words.name('invite.add')} ${entry.name}`}
      onClick={onAdd}
    >
      {words.name('invite.add')}
    </Button>
  );
}
