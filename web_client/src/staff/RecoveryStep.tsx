/** 予備コード: one of the ten codes kept on paper, when the app is not at hand. Each works once. */
import { useMutation } from '@tanstack/react-query';
import { LockKeyhole } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, type Me, post } from '../api';
import { lasted, timeOf } from '../clock';
import { Button, Notice, Stack, TextField, Title, useErrorWords, useToast } from '../design';
import { useLockOut } from './lockOut';

export function RecoveryStep({ onDone, onBack }: { onDone: (me: Me) => void; onBack: () => void }) {
  const { t } = useTranslation('sign-in');
  const toast = useToast();
  const words = useErrorWords();
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState('');
  const [lockOut, noteLockOut] = useLockOut();

  const confirm = useMutation({
    mutationFn: () => post('/sign-in/recovery', { body: { code: code.trim() } }),
    onSuccess: (me) => {
      toast({ text: t('recovery.left', { count: me.recovery_codes_left }) });
      onDone(me);
    },
    onError: noteLockOut,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(code.trim() ? '' : t('recovery.missing'));
    if (code.trim() && !confirm.isPending && !lockOut) confirm.mutate();
  };

  const wrong = confirm.error instanceof ApiError && confirm.error.key === 'otp.wrong' ? confirm.error : null;
  const locked = confirm.error instanceof ApiError && confirm.error.key === 'sign_in.locked';
  const problem = wrong
    ? t('recovery.wrong', { count: wrong.number('attempts_left') ?? 0 })
    : words(confirm.error);

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap={6}>
        <Title lead={t('recovery.lead')}>{t('recovery.heading')}</Title>
        <TextField
          label={t('recovery.label')}
          hint={t('recovery.hint')}
          error={missing || (confirm.error && !locked ? problem : '')}
          large
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
        {lockOut && (
          <Notice
            look="warn"
            icon={LockKeyhole}
            title={t('locked.title', { time: timeOf(lockOut.until) })}
            live
          >
            {t('locked.code', { left: lasted(0, lockOut.left_s * 1000) })}
          </Notice>
        )}
        <Button type="submit" size="large" block busy={confirm.isPending} busyLabel={t('checking')}>
          {t('recovery.submit')}
        </Button>
        <Button look="quiet" onClick={onBack}>
          {t('recovery.back')}
        </Button>
      </Stack>
    </form>
  );
}
