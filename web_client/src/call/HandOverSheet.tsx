/** To whom a call passes, and what they should know before they take it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { PhoneForwarded, Search, UserRound } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post, type StaffEntry } from '../api';
import {
  Button,
  Empty,
  ErrorNotice,
  Failed,
  Loading,
  NamePlate,
  PeopleList,
  PersonRow,
  PresenceTag,
  SearchField,
  Sheet,
  Stack,
  TextArea,
} from '../design';
import { plateParts } from './members';

export function HandOverSheet({
  callId,
  personId,
  onClose,
}: {
  callId: string;
  personId: string;
  onClose: () => void;
}) {
  const { t } = useTranslation('hold');
  const queries = useQueryClient();
  const [taker, setTaker] = useState<StaffEntry | null>(null);
  const [note, setNote] = useState('');
  const [agreed, setAgreed] = useState('');
  const start = useMutation({
    mutationFn: (staff_id: string) =>
      post('/calls/{call_id}/hand-overs', { path: { call_id: callId }, body: { staff_id, note, agreed } }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['calls', callId] });
      onClose();
    },
  });
  return (
    <Sheet
      open
      onClose={onClose}
      title={t('sheet.title')}
      actions={
        taker && (
          <Button
            block
            size="large"
            icon={PhoneForwarded}
            busy={start.isPending}
            onClick={() => start.mutate(taker.id)}
          >
            {t('sheet.ring', { name: taker.name })}
          </Button>
        )
      }
    >
      {taker === null ? (
        <Choose personId={personId} onChoose={setTaker} />
      ) : (
        <Stack gap={6}>
          <NamePlate person={taker} letter />
          <Button size="small" look="second" onClick={() => setTaker(null)}>
            {t('sheet.other')}
          </Button>
          <TextArea
            label={t('sheet.note')}
            hint={t('sheet.note_hint')}
            maxLength={2000}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
          <TextArea
            label={t('sheet.agreed')}
            hint={t('sheet.agreed_hint')}
            maxLength={2000}
            value={agreed}
            onChange={(event) => setAgreed(event.target.value)}
          />
          {start.error && <ErrorNotice title={t('sheet.failed')} error={start.error} />}
        </Stack>
      )}
    </Sheet>
  );
}

function Choose({ personId, onChoose }: { personId: string; onChoose: (entry: StaffEntry) => void }) {
  const { t } = useTranslation('hold');
  const [typed, setTyped] = useState('');
  const q = useDeferredValue(typed.trim());
  const { data, error, refetch } = useQuery({
    queryKey: ['staff', q],
    queryFn: () => get('/staff', { query: { q } }),
    placeholderData: (before) => before,
  });
  const staff = data?.filter(({ id }) => id !== personId);
  return (
    <Stack gap={4}>
      <SearchField
        icon={Search}
        label={t('sheet.search')}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {error && !staff && (
        <Failed title={t('sheet.search_failed')} error={error} onRetry={() => void refetch()} />
      )}
      {!error && !staff && <Loading label={t('sheet.searching')} />}
      {staff?.length === 0 && <Empty icon={Search} title={t('sheet.search_empty')} />}
      {staff && staff.length > 0 && (
        <PeopleList label={t('sheet.title')}>
          {staff.map((entry) => (
            <PersonRow
              key={entry.id}
              name={entry.name}
              role={entry.role}
              lines={plateParts(entry)}
              tag={<PresenceTag status={entry.status} />}
              action={
                <Button
                  size="small"
                  look="second"
                  icon={UserRound}
                  aria-label={t('sheet.chooseNamed', { name: entry.name })}
                  onClick={() => onChoose(entry)}
                >
                  {t('sheet.choose')}
                </Button>
              }
            />
          ))}
        </PeopleList>
      )}
    </Stack>
  );
}
