/** Books or moves an appointment; times are Japan's, whatever the device thinks. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CalendarPlus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { type Appointment, post } from '../api';
import {
  Button,
  Check,
  Columns,
  Dialog,
  ErrorNotice,
  SelectField,
  Stack,
  Words as Text,
  TextField,
} from '../design';
import { useWords } from '../words';
import { fromJapan, inJapan } from './when';

const LENGTHS = [15, 30, 45, 60, 90];

export function BookDialog({
  appointment,
  ticket,
  canMail,
  onClose,
}: {
  /** The one to move; a new one without. */
  appointment?: Appointment;
  ticket?: { id: string; name: string; title: string };
  canMail: boolean;
  onClose: () => void;
}) {
  const words = useWords('appointment');
  const queries = useQueryClient();
  const [said, setSaid] = useState(() => ({
    ...inJapan(appointment?.starts_at ?? new Date(Date.now() + 86_400_000).toISOString()),
    minutes: appointment ? minutesOf(appointment) : '30',
    title: appointment?.title ?? ticket?.title ?? '',
    name: appointment?.name ?? ticket?.name ?? '',
    language: appointment?.language ?? 'ja',
    address: '',
  }));
  const [agrees, setAgrees] = useState(false);
  const save = useMutation({
    mutationFn: () => {
      const plan = {
        starts_at: fromJapan(said.date, said.time),
        minutes: Number(said.minutes),
        title: said.title.trim(),
        topic: appointment?.topic ?? '',
      };
      if (appointment) {
        return post('/appointments/{appointment_id}', {
          path: { appointment_id: appointment.id },
          body: { ...plan, host_id: appointment.host.id },
        });
      }
      const address = said.address.trim();
      return post('/appointments', {
        body: {
          ...plan,
          host_id: '',
          name: said.name.trim(),
          language: said.language,
          consultation_id: ticket?.id ?? null,
          mail: address ? { address, consent: true } : null,
        },
      });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['appointments'] });
      onClose();
    },
  });
  const field = (name: 'date' | 'time' | 'title' | 'name' | 'address') => ({
    label: words.name(`field.${name}`),
    value: said[name],
    onChange: (event: { target: { value: string } }) =>
      setSaid((before) => ({ ...before, [name]: event.target.value })),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog open onClose={onClose} title={words.name(appointment ? 'move_title' : 'new_title')} closable>
      <form onSubmit={submit}>
        <Stack gap={3}>
          <Columns>
            <TextField {...field('date')} type="date" required />
            <TextField {...field('time')} type="time" required />
          </Columns>
          <SelectField
            label={words.name('field.minutes')}
            value={said.minutes}
            onChange={(event) => setSaid((before) => ({ ...before, minutes: event.target.value }))}
            options={[...new Set([...LENGTHS.map(String), said.minutes])].map((value) => ({
              value,
              label: words.name('minutes', { count: Number(value) }),
            }))}
          />
          <TextField {...field('title')} maxLength={120} />
          {!appointment && (
            <>
              <TextField {...field('name')} required maxLength={60} autoComplete="off" />
              <SelectField
                label={words.name('field.language')}
                value={said.language}
                onChange={(event) =>
                  setSaid((before) => ({
                    ...before,
                    language: event.target.value as Appointment['language'],
                  }))
                }
                options={[
                  { value: 'ja', label: '日本語' },
                  { value: 'ja-easy', label: 'やさしい日本語' },
                  { value: 'en', label: 'English' },
                ]}
              />
            </>
          )}
          {!appointment && canMail && (
            <>
              <TextField {...field('address')} type="email" maxLength={254} autoComplete="off" />
              {said.address && (
                <Check
                  required
                  checked={agrees}
                  onChange={(event) => setAgrees(event.target.checked)}
                  label={words.name('consent')}
                />
              )}
            </>
          )}
          {appointment && (
            <Text voice="note">{words.name(appointment.has_mail ? 'move_mail' : 'move_no_mail')}</Text>
          )}
          {save.error && <ErrorNotice title={words.name('save_failed')} error={save.error} />}
          <Button
            type="submit"
            size="large"
            block
            icon={CalendarPlus}
            busy={save.isPending}
            busyLabel={words.name('saving')}
          >
            {words.name(appointment ? 'move' : 'book')}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}

function minutesOf({ starts_at, ends_at }: Appointment): string {
  return String(Math.round((Date.parse(ends_at) - Date.parse(starts_at)) / 60_000));
}
