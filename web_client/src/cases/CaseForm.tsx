/** What staff say of a case, for a new one and to put one right; what was typed stays when sending fails. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CaseBrief, get, type Person } from '../api';
import { Button, ErrorNotice, SelectField, Stack, TextField } from '../design';
import { useTopicLabel, useTopics } from '../staff/topics';
import { KINDS, type Position, positionOf, SENSITIVITIES } from './caseWords';
import { PositionField } from './PositionField';

export interface Particulars {
  /** Of one that is there already: somebody else may go on with it. */
  owner?: Person;
  owner_id?: string;
  title: string;
  kind: CaseBrief['kind'];
  topic: string;
  place: string;
  latitude: number | null;
  longitude: number | null;
  sensitivity: number;
}

export const NEW: Particulars = {
  title: '',
  kind: 'damage',
  topic: '',
  place: '',
  latitude: null,
  longitude: null,
  sensitivity: 2,
};

export function CaseForm({
  start,
  send,
  sending,
  busy,
  error,
  failed,
  children,
}: {
  start: Particulars;
  send: (particulars: Particulars) => void;
  /** The button's words. */
  sending: string;
  busy: boolean;
  error: unknown;
  failed: string;
  /** Beside the button. */
  children?: ReactNode;
}) {
  const { t } = useTranslation('cases');
  const [said, setSaid] = useState(start);
  const [missing, setMissing] = useState(false);
  const topics = useTopicOptions();
  const owners = useOwnerOptions(start.owner);
  const say = (more: Partial<Particulars>) => setSaid({ ...said, ...more });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const title = said.title.trim();
    setMissing(title === '');
    if (title) send({ ...said, title });
  };
  const move = (position: Position | null) =>
    say({ latitude: position?.latitude ?? null, longitude: position?.longitude ?? null });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap={6}>
        <TextField
          label={t('form.title')}
          hint={t('form.titleHint')}
          error={missing && !said.title.trim() ? t('form.titleMissing') : null}
          value={said.title}
          maxLength={120}
          required
          autoComplete="off"
          onChange={(event) => say({ title: event.target.value })}
        />
        <SelectField
          label={t('form.kind')}
          value={said.kind}
          options={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
          onChange={(event) => say({ kind: KINDS.find((each) => each === event.target.value) ?? 'other' })}
        />
        <TextField
          label={t('form.place')}
          hint={t('form.placeHint')}
          value={said.place}
          maxLength={120}
          autoComplete="off"
          onChange={(event) => say({ place: event.target.value })}
        />
        <PositionField position={positionOf(said)} onChange={move} />
        <SelectField
          label={t('form.topic')}
          hint={t('form.topicHint')}
          value={said.topic}
          options={[{ value: '', label: t('form.noTopic') }, ...topics]}
          onChange={(event) => say({ topic: event.target.value })}
        />
        <SelectField
          label={t('form.sensitivity')}
          hint={t('form.sensitivityHint')}
          value={String(said.sensitivity)}
          options={SENSITIVITIES.map((value) => ({
            value: String(value),
            label: t(`sensitivity.${value}`),
          }))}
          onChange={(event) => say({ sensitivity: Number(event.target.value) })}
        />
        {said.owner_id !== undefined && (
          <SelectField
            label={t('edit.owner')}
            value={said.owner_id}
            options={owners}
            onChange={(event) => say({ owner_id: event.target.value })}
          />
        )}
        {error !== null && <ErrorNotice title={failed} error={error} />}
        <Button type="submit" size="large" block busy={busy}>
          {sending}
        </Button>
        {children}
      </Stack>
    </form>
  );
}

const OWNING: readonly string[] = ['field', 'specialist', 'supervisor'];

/** Whoever owns it, and the colleagues of the same department who could go on with it. */
function useOwnerOptions(owner: Person | undefined) {
  const { t } = useTranslation('cases');
  const q = owner?.department || owner?.office || '';
  const staff = useQuery({
    queryKey: ['staff', 'owners', q],
    queryFn: () => get('/staff', { query: { q } }),
    enabled: owner !== undefined,
  });
  const others = (staff.data ?? []).filter(({ id, role }) => id !== owner?.id && OWNING.includes(role));
  return [...(owner ? [owner] : []), ...others].map(({ id, name, post }) => ({
    value: id,
    label: [name, post].filter(Boolean).join(t('joint')),
  }));
}

function useTopicOptions() {
  const label = useTopicLabel();
  return (useTopics().data ?? []).map((topic) => ({ value: topic.key, label: label(topic) }));
}
