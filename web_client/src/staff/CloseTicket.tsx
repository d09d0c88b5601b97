/** A call back that is not needed any more: closed with the reason, which is kept. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../api';
import { Button, Dialog, ErrorNotice, Stack, TextArea } from '../design';

export function CloseTicket({ id, title }: { id: string; title: string }) {
  const { t } = useTranslation(['ring', 'app']);
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const close = useMutation({
    mutationFn: () =>
      post('/consultations/{consultation_id}/close', {
        path: { consultation_id: id },
        body: { reason: reason.trim() },
      }),
    onSuccess: () => setOpen(false),
    onSettled: () => queries.invalidateQueries({ queryKey: ['rings'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    close.mutate();
  };
  return (
    <>
      <Button size="large" look="plain" icon={CircleCheck} onClick={() => setOpen(true)}>
        {t('desk.close')}
      </Button>
      <Dialog open={isOpen} onClose={() => setOpen(false)} title={t('desk.closeTitle', { title })} closable>
        <form onSubmit={submit}>
          <Stack gap={3}>
            <TextArea
              label={t('desk.closeReason')}
              hint={t('desk.closeHint')}
              required
              maxLength={500}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
            {close.error && <ErrorNotice title={t('desk.closeFailed')} error={close.error} />}
            <Button type="submit" block busy={close.isPending}>
              {t('desk.closeConfirm')}
            </Button>
          </Stack>
        </form>
      </Dialog>
    </>
  );
}
