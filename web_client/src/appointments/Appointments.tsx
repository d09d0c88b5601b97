/** The appointments of this person on their home: the next one first, with what one does about it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CalendarClock, CalendarCog, CalendarPlus, CalendarX, Phone } from 'lucide-react';
import { useState } from 'react';
import { type Appointment, get, post } from '../api';
import { timeOf, useClock } from '../clock';
import {
  Button,
  Card,
  CopyButton,
  Dialog,
  ErrorNotice,
  Row,
  Section,
  Stack,
  Tag,
  Words as Text,
  TextField,
} from '../design';
import { day } from '../letter/day';
import { useEnter } from '../staff/calls';
import { useWords, type Words } from '../words';
import { BookDialog } from './BookDialog';

export const APPOINTMENTS = ['appointments'];
const REFRESH_MS = 120_000;

export function Appointments() {
  const words = useWords('appointment');
  const { data } = useQuery({
    queryKey: APPOINTMENTS,
    queryFn: () => get('/appointments'),
    refetchInterval: REFRESH_MS,
  });
  const [open, setOpen] = useState<'new' | Appointment | null>(null);
  const [cancelling, setCancelling] = useState<Appointment | null>(null);
  if (!data) return null;
  return (
    <Section
      title={words.name('list')}
      action={
        <Button size="small" look="second" icon={CalendarPlus} onClick={() => setOpen('new')}>
          {words.name('new')}
        </Button>
      }
    >
      <Stack gap={3}>
        {data.appointments.length === 0 && <Text voice="note">{words.name('none')}</Text>}
        {data.appointments.map((appointment) => (
          <AppointmentCard
            key={appointment.id}
            appointment={appointment}
            words={words}
            onMove={() => setOpen(appointment)}
            onCancel={() => setCancelling(appointment)}
          />
        ))}
      </Stack>
      {open !== null && (
        <BookDialog
          {...(open === 'new' ? {} : { appointment: open })}
          canMail={data.can_mail}
          onClose={() => setOpen(null)}
        />
      )}
      {cancelling && (
        <CancelDialog appointment={cancelling} words={words} onClose={() => setCancelling(null)} />
      )}
    </Section>
  );
}

function AppointmentCard({
  appointment,
  words,
  onMove,
  onCancel,
}: {
  appointment: Appointment;
  words: Words;
  onMove: () => void;
  onCancel: () => void;
}) {
  const now = useClock(10_000);
  const enter = useEnter();
  const queries = useQueryClient();
  const { id, starts_at, name, title, host, opens_at, url } = appointment;
  const isTime = now >= Date.parse(opens_at);
  const start = useMutation({
    mutationFn: () => post('/appointments/{appointment_id}/start', { path: { appointment_id: id } }),
    onSuccess: enter,
    onError: () => queries.invalidateQueries({ queryKey: APPOINTMENTS }),
  });
  return (
    <Card selected={isTime}>
      <Stack gap={3}>
        <Row justify="between">
          <Text voice="strong">{`${day(starts_at, words.language)} ${timeOf(starts_at)}`}</Text>
          {isTime && (
            <Tag look="warn" icon={CalendarClock}>
              {words.name('soon')}
            </Tag>
          )}
        </Row>
        <Text>{[words.name('with', { name }), title].filter(Boolean).join('　')}</Text>
        <Text voice="note">{words.name('host', { name: host.name })}</Text>
        {start.error && <ErrorNotice title={words.name('start_failed')} error={start.error} />}
        <Row>
          {isTime && (
            <Button
              size="small"
              icon={Phone}
              busy={start.isPending}
              busyLabel={words.name('starting')}
              aria-label={words.name('start_named', { name })}
              onClick={() => start.mutate()}
            >
              {words.name('start')}
            </Button>
          )}
          <CopyButton text={url} label={words.name('copy')} done={words.name('copied')} />
          <Button
            size="small"
            look="plain"
            icon={CalendarCog}
            aria-label={words.name('change_named', { name })}
            onClick={onMove}
          >
            {words.name('change')}
          </Button>
          <Button
            size="small"
            look="danger-line"
            icon={CalendarX}
            aria-label={words.name('cancel_named', { name })}
            onClick={onCancel}
          >
            {words.name('cancel')}
          </Button>
        </Row>
      </Stack>
    </Card>
  );
}

function CancelDialog({
  appointment,
  words,
  onClose,
}: {
  appointment: Appointment;
  words: Words;
  onClose: () => void;
}) {
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const cancel = useMutation({
    mutationFn: () =>
      post('/appointments/{appointment_id}/cancel', {
        path: { appointment_id: appointment.id },
        body: { reason: reason.trim() },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: APPOINTMENTS });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.name('cancel_title', { name: appointment.name })}
      actions={
        <>
          <Button look="danger" busy={cancel.isPending} onClick={() => cancel.mutate()}>
            {words.name('cancel_confirm')}
          </Button>
          <Button look="plain" onClick={onClose}>
            {words.name('keep')}
          </Button>
        </>
      }
    >
      <Stack gap={3}>
        <Text>{words.name(appointment.has_mail ? 'cancel_mail' : 'cancel_no_mail')}</Text>
        <TextField
          label={words.name('reason')}
          maxLength={120}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        {cancel.error && <ErrorNotice title={words.name('cancel_failed')} error={cancel.error} />}
      </Stack>
    </Dialog>
  );
}
