/** First step: staff number and password. What was typed stays when the answer is no. */
import { useMutation } from '@tanstack/react-query';
import { Eye, EyeOff, LockKeyhole } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, post } from '../api';
import { lasted, timeOf } from '../clock';
import { Button, ErrorNotice, IconButton, Notice, Stack, TextField, Title } from '../design';
import { usePublic } from '../session';
import { useLockOut } from './lockOut';

interface Missing {
  staffNo?: string;
  password?: string;
}

export function PasswordStep({ onDone }: { onDone: (staffNo: string) => Promise<void> }) {
  const { t } = useTranslation('sign-in');
  const [staffNo, setStaffNo] = useState('');
  const [password, setPassword] = useState('');
  const [visible, setVisible] = useState(false);
  const [missing, setMissing] = useState<Missing>({});
  const [lockOut, noteLockOut] = useLockOut();
  const passwordInput = useRef<HTMLInputElement>(null);

  const signIn = useMutation({
    mutationFn: () => post('/sign-in', { body: { staff_no: staffNo.normalize('NFKC').trim(), password } }),
    onSuccess: () => onDone(staffNo.normalize('NFKC').trim().toUpperCase()),
    onError: (error) => {
      noteLockOut(error);
      passwordInput.current?.select();
    },
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found: Missing = {
      ...(staffNo.trim() ? {} : { staffNo: t('staffNo.missing') }),
      ...(password ? {} : { password: t('password.missing') }),
    };
    setMissing(found);
    if (!found.staffNo && !found.password && !signIn.isPending && !lockOut) signIn.mutate();
  };

  return (
    <Stack gap={6}>
      <Title lead={t('password.lead')}>{t('heading')}</Title>
      <form onSubmit={submit} noValidate>
        <Stack gap={6}>
          <TextField
            label={t('staffNo.label')}
            hint={t('staffNo.hint')}
            error={missing.staffNo}
            large
            autoComplete="username"
            autoCapitalize="characters"
            spellCheck={false}
            value={staffNo}
            onChange={(event) => setStaffNo(event.target.value)}
          />
          <TextField
            ref={passwordInput}
            label={t('password.label')}
            error={missing.password}
            large
            type={visible ? 'text' : 'password'}
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            after={
              <IconButton
                icon={visible ? EyeOff : Eye}
                label={visible ? t('password.hide') : t('password.show')}
                onClick={() => setVisible(!visible)}
              />
            }
          />
          <Refused error={signIn.error} />
          {lockOut && (
            <Notice
              look="warn"
              icon={LockKeyhole}
              title={t('locked.title', { time: timeOf(lockOut.until) })}
              live
            >
              {t('locked.password', { left: lasted(0, lockOut.left_s * 1000) })}
            </Notice>
          )}
          <Button type="submit" size="large" block busy={signIn.isPending} busyLabel={t('checking')}>
            {t('password.next')}
          </Button>
        </Stack>
      </form>
      <DemoHint />
    </Stack>
  );
}

function Refused({ error }: { error: Error | null }) {
  const { t } = useTranslation('sign-in');
  if (!error || (error instanceof ApiError && error.key === 'sign_in.locked')) return null;
  if (!(error instanceof ApiError && error.key === 'sign_in.failed'))
    return <ErrorNotice title={t('failed.other')} error={error} />;
  return (
    <Notice look="danger" title={t('failed.title')} live>
      {t('failed.text')}
    </Notice>
  );
}

function DemoHint() {
  const { t } = useTranslation('sign-in');
  const installation = usePublic();
  if (!installation?.demo) return null;
  return (
    <Notice look="info" title={t('demo.title')}>
      {t('demo.text')}
    </Notice>
  );
}
