/** 持ち回り: who votes, how many have to, and until when. */
import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../api';
import { fromJapan, inJapan } from '../appointments/when';
import { Check, Columns, SearchField, SelectField, Stack, TextField, Words } from '../design';
import type { Ask } from './decisions';
import { isComplete, isTwice, type Outsider, Outsiders } from './Outsiders';

const SHOWN = 12;
const DAY_MS = 86_400_000;

export interface Said extends Ask {
  voter_ids: string[];
  quorum: number;
  until: string;
  outside: Outsider[];
  shown_versions: string[];
  shown_stills: string[];
}

/** How many vote. */
export function countOf({ voter_ids, outside }: Said): number {
  return voter_ids.length + outside.length;
}

/** Whether it can be sent: enough voters, and everybody from outside once, with all that is needed to write to them. */
export function isReady(said: Said): boolean {
  const addresses = said.outside.map(({ address }) => address.trim().toLowerCase());
  const isOnce = addresses.every((_, at) => !isTwice(addresses, at));
  return countOf(said) >= 2 && said.outside.every(isComplete) && isOnce;
}

/** What is shown is of what the proposal leans on now, and only where somebody from outside looks. */
export function onlyOf(said: Said, leaning: { version_ids: string[]; still_ids: string[] }): Said {
  const isSeen = said.outside.length > 0;
  return {
    ...said,
    outside: said.outside.map((each) => ({ ...each, address: each.address.trim() })),
    shown_versions: said.shown_versions.filter((id) => isSeen && leaning.version_ids.includes(id)),
    shown_stills: said.shown_stills.filter((id) => isSeen && leaning.still_ids.includes(id)),
  };
}

/** Nobody yet, until this time tomorrow. */
export function startOfCirculation(): Said {
  const until = new Date(Date.now() + DAY_MS).toISOString();
  const nobody = { voter_ids: [], outside: [], shown_versions: [], shown_stills: [] };
  return { approver_id: null, quorum: 2, until, ...nobody };
}

export function Voters({
  said,
  canInvite,
  onChange,
}: {
  said: Said;
  canInvite: boolean;
  onChange: (said: Said) => void;
}) {
  const { t } = useTranslation('decision');
  const [typed, setTyped] = useState('');
  const [names, setNames] = useState<Record<string, string>>({});
  const q = useDeferredValue(typed.trim());
  const { data } = useQuery({
    queryKey: ['staff', q],
    queryFn: () => get('/staff', { query: { q } }),
    placeholderData: (before) => before,
  });
  const change = (after: Said) => {
    const count = countOf(after);
    const quorum = Math.max(1, Math.min(said.quorum, count || 1));
    onChange({ ...after, quorum: count >= 2 ? Math.max(2, quorum) : quorum });
  };
  const toggle = (id: string, name: string) => {
    const voter_ids = said.voter_ids.includes(id)
      ? said.voter_ids.filter((each) => each !== id)
      : [...said.voter_ids, id];
    setNames((before) => ({ ...before, [id]: name }));
    change({ ...said, voter_ids });
  };
  const { date, time } = inJapan(said.until);
  const later = (part: { date?: string; time?: string }) => {
    const at = { date, time, ...part };
    if (at.date && at.time) onChange({ ...said, until: fromJapan(at.date, at.time) });
  };
  const count = countOf(said);
  const outside = said.outside.map(({ name }) => name);
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
          : t('voters.chosen', {
              count,
              names: [...said.voter_ids.map((id) => names[id] ?? ''), ...outside].filter(Boolean).join('、'),
            })}
      </Words>
      <Outsiders
        outside={said.outside}
        canInvite={canInvite}
        onChange={(members) => change({ ...said, outside: members })}
      />
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
