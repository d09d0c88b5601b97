/** 「全員に一言伝える」: one sentence to everybody of the office, on every open page and in every call. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../api';
import { Button, Dialog, ErrorNotice, Stack, TextField, useToast } from '../design';

const LONGEST = 120;

export function AnnounceDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('wall');
  const [text, setText] = useState('');
  const toast = useToast();
  const queries = useQueryClient();
  const send = useMutation({
    mutationFn: () => post('/announcements', { body: { text: text.trim() } }),
    onSuccess: () => {
      setText('');
      toast({ text: t('announce.sent') });
      void queries.invalidateQueries({ queryKey: ['announcements'] });
      onClose();
    },
  });
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t('announce.title')}
      actions={
        <>
          <Button
            disabled={text.trim() === ''}
            busy={send.isPending}
            busyLabel={t('announce.sending')}
            onClick={() => send.mutate()}
          >
            {t('announce.send')}
          </Button>
          <Button look="second" onClick={onClose}>
            {t('announce.cancel')}
          </Button>
        </>
      }
    >
      <Stack gap={3}>
        <TextField
          label={t('announce.label')}
          hint={t('announce.hint', { count: LONGEST })}
          value={text}
          maxLength={LONGEST}
          onChange={(event) => setText(event.target.value)}
        />
        {send.error && <ErrorNotice title={t('announce.failed')} error={send.error} />}
      </Stack>
    </Dialog>
  );
}
