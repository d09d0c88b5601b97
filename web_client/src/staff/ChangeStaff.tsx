/** One row of the directory by hand: superior, who stands in, hours and skills. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AdminStaffEntry, get, post } from '../api';
import {
  Button,
  Check,
  Dialog,
  ErrorNotice,
  SelectField,
  Stack,
  TextField,
  useToast,
  Words,
} from '../design';
import { useTopicLabel } from './topics';

const DEPUTIES = 2;

export function ChangeStaff({
  entry,
  everybody,
  onClose,
}: {
  entry: AdminStaffEntry;
  everybody: readonly AdminStaffEntry[];
  onClose: () => void;
}) {
  const { t } = useTranslation(['staff-list', 'app']);
  const queries = useQueryClient();
  const toast = useToast();
  const topicLabel = useTopicLabel();
  const topics = useQuery({ queryKey: ['topics'], queryFn: () => get('/topics') }).data ?? [];
  const [said, setSaid] = useState({
    boss_id: entry.boss_id ?? '',
    deputies: Array.from({ length: DEPUTIES }, (_, at) => entry.deputy_ids[at] ?? ''),
    hours: entry.hours,
    skills: entry.skills,
  });
  const save = useMutation({
    mutationFn: () =>
      post('/admin/staff/{staff_id}', {
        path: { staff_id: entry.id },
        body: {
          boss_id: said.boss_id || null,
          deputy_ids: [...said.deputies.filter(Boolean), ...entry.deputy_ids.slice(DEPUTIES)],
          hours: said.hours.trim(),
          skills: said.skills,
        },
      }),
    onSuccess: async (changed) => {
      await queries.invalidateQueries({ queryKey: ['admin', 'staff'] });
      toast({ text: t('changed', { name: changed.name }) });
      onClose();
    },
  });
  const others = [
    { value: '', label: t('nobody') },
    ...everybody
      .filter(({ id, disabled }) => id !== entry.id && !disabled)
      .map(({ id, name, department }) => ({ value: id, label: [name, department].join('　') })),
  ];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const know = (key: string, knows: boolean) =>
    setSaid((before) => ({
      ...before,
      skills: knows ? [...before.skills, key] : before.skills.filter((each) => each !== key),
    }));
  return (
    <Dialog open onClose={onClose} title={t('changeTitle', { name: entry.name })} closable>
      <form onSubmit={submit}>
        <Stack gap={3}>
          <SelectField
            label={t('boss')}
            value={said.boss_id}
            options={others}
            onChange={(event) => setSaid((before) => ({ ...before, boss_id: event.target.value }))}
          />
          {said.deputies.map((deputy, at) => (
            <SelectField
              // biome-ignore lint/suspicious/noArrayIndexKey: the order is the identity
              key={at}
              label={t('deputy', { number: at + 1 })}
              value={deputy}
              options={others}
              onChange={(event) =>
                setSaid((before) => ({
                  ...before,
                  deputies: before.deputies.map((each, place) => (place === at ? event.target.value : each)),
                }))
              }
            />
          ))}
          <TextField
            label={t('hours')}
            hint={t('hoursHint')}
            maxLength={60}
            value={said.hours}
            onChange={(event) => setSaid((before) => ({ ...before, hours: event.target.value }))}
          />
          <Words voice="note">{t('skills')}</Words>
          <Stack gap={1}>
            {topics.map((topic) => (
              <Check
                key={topic.key}
                label={topicLabel(topic)}
                checked={said.skills.includes(topic.key)}
                onChange={(event) => know(topic.key, event.target.checked)}
              />
            ))}
          </Stack>
          {save.error && <ErrorNotice title={t('saveFailed')} error={save.error} />}
          <Button type="submit" block busy={save.isPending} busyLabel={t('saving')}>
            {t('save')}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
