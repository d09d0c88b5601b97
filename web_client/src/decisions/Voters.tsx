/** 持ち回り: who votes, how many have to, and until when. */
import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../api';
import { fromJapan, inJapan } from '../appointments/when';
import { Check, Columns, SearchField, SelectField, Stack, TextField, Words } from '../design';
import type { Ask } from './decisions';

const SHOWN = 12;
const DAY_MS = 86_400_000;

export interface Said extends Ask {
  voter_ids: string[];
  quorum: number;
  until: string;
}

/** Nobody yet, until this time tomorrow. */
export function startOfCirculation(): Said {
  const until = new Date(Date.now() + DAY_MS).toISOString();
  return { approver_id: null, voter_ids: [], quorum: 2, until };
}

export function Voters({ said, onChange }: { said: Said; onChange: (said: Said) => void }) {
  const { t } = useTranslation('decision');
  const [typed, setTyped] = useState('');
  const [names, setNames] = useState<Record<string, string>>({});
  const q = useDeferredValue(typed.trim());
  const { data } = useQuery({
    queryKey: ['staff', q],
    queryFn: () => get('/staff', { query: { q } }),
    placeholderData: (before) => before,
  });
  const toggle = (id: string, name: string) => {
    const voter_ids = said.voter_ids.includes(id)
      ? said.voter_ids.filter((each) => each !== id)
      : [...said.voter_ids, id];
    setNames((before) => ({ ...before, [id]: name }));
    const quorum = Math.max(1, Math.min(said.quorum, voter_ids.length || 1));
    onChange({ ...said, voter_ids, quorum: voter_ids.length >= 2 ? Math.max(2, quorum) : quorum });
  };
  const { date, time } = inJapan(said.until);
  const later = (part: { date?: string; time?: string }) => {
    const at = { date, time, ...part };
    if (at.date && at.time) onChange({ ...said, until: fromJapan(at.date, at.time) });
  };
  const count = said.voter_ids.length;
  return (
    <Stack gap={3}>
      <SearchField
        icon={Search}
        label={t('voters.search')}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Stack gap={1}>
        {data?.slice(0, SHOWN).map(({ id, name, post, department }) => (
          <Check
            key={id}
            label={[name, post, department].filter(Boolean).join('　')}
            checked={said.voter_ids.includes(id)}
            onChange={() => toggle(id, name)}
          />
        ))}
      </Stack>
      <Words voice="note">
        {count < 2
          ? t('voters.few')
          : t('voters.chosen', { count, names: said.voter_ids.map((id) => names[id] ?? '').join('、') })}
      </Words>
      <Columns>
        <TextField
          type="date"
          label={t('voters.date')}
          value={date}
          onChange={(event) => later({ date: event.target.value })}
        />
        <TextField
          type="time"
          label={t('voters.time')}
          value={time}
          onChange={(event) => later({ time: event.target.value })}
        />
      </Columns>
      {count >= 2 && (
        <SelectField
          label={t('voters.quorum')}
          hint={t('voters.quorum_hint')}
          value={String(said.quorum)}
          options={Array.from({ length: count }, (_, at) => ({
            value: String(at + 1),
            label: t('voters.people', { count: at + 1 }),
          }))}
          onChange={(event) => onChange({ ...said, quorum: Number(event.target.value) })}
        />
      )}
    </Stack>
  );
}
