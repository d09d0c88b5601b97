/**
 * Second step: the six digits of the authenticator app. The sixth digit submits. On touch screens there are keys
 * of glove size; a wrong code says how many tries remain, a lock-out until when; a recovery code is another way.
 */
import { useMutation } from '@tanstack/react-query';
import { CircleUserRound, ClipboardPaste, LockKeyhole } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, type Me, post } from '../api';
import { lasted, timeOf, useClock } from '../clock';
import {
  Button,
  Card,
  Countdown,
  DigitKeys,
  digitsOf,
  Notice,
  OTP_LENGTH,
  OtpField,
  Row,
  Stack,
  StatusLine,
  Title,
  useErrorWords,
  useTouch,
} from '../design';
import { CodeHelp } from './CodeHelp';
import { useLockOut } from './lockOut';
import { RecoveryStep } from './RecoveryStep';

const STEP_S = 30;

interface CodeStepProps {
  staffNo: string;
  onDone: (me: Me) => void;
  onSomebodyElse: () => Promise<void>;
}

export function CodeStep({ staffNo, onDone, onSomebodyElse }: CodeStepProps) {
  const { t } = useTranslation('sign-in');
  const [way, setWay] = useState<'app' | 'recovery'>('app');
  return (
    <Stack gap={6}>
      <Card pad="slim">
        <Row justify="between">
          <StatusLine look="plain" icon={CircleUserRound}>
            {staffNo ? t('code.who', { staffNo }) : t('code.passwordOk')}
          </StatusLine>
          <Button look="quiet" size="small" onClick={() => void onSomebodyElse()}>
            {t('code.somebodyElse')}
          </Button>
        </Row>
      </Card>
      {way === 'app' ? (
        <AppCode onDone={onDone} onRecovery={() => setWay('recovery')} />
      ) : (
        <RecoveryStep onDone={onDone} onBack={() => setWay('app')} />
      )}
    </Stack>
  );
}

function AppCode({ onDone, onRecovery }: { onDone: (me: Me) => void; onRecovery: () => void }) {
  const { t } = useTranslation('sign-in');
  const touch = useTouch();
  const [code, setCode] = useState('');
  const [helping, setHelping] = useState(false);
  const [lockOut, noteLockOut] = useLockOut();
  const input = useRef<HTMLInputElement>(null);

  const confirm = useMutation({
    mutationFn: (typed: string) => post('/sign-in/otp', { body: { code: typed } }),
    onSuccess: onDone,
    onError: (error) => {
      noteLockOut(error);
      if (error instanceof ApiError && error.status !== 0) setCode('');
      input.current?.focus();
    },
  });
  const send = (typed: string) => {
    if (!confirm.isPending && !lockOut) confirm.mutate(typed);
  };
  const change = (digits: string) => {
    if (confirm.error && digits) confirm.reset();
    setCode(digits);
  };
  const paste = async () => {
    const digits = digitsOf(await navigator.clipboard.readText().catch(() => ''));
    change(digits);
    if (digits.length === OTP_LENGTH) send(digits);
    else input.current?.focus();
  };
  const problem = useProblem(confirm.error);

  return (
    <Stack gap={4}>
      <Title lead={t('code.lead')}>{t('code.heading')}</Title>
      {lockOut ? (
        <Notice
          look="warn"
          icon={LockKeyhole}
          title={t('locked.title', { time: timeOf(lockOut.until) })}
          live
        >
          {t('locked.code', { left: lasted(0, lockOut.left_s * 1000) })}
        </Notice>
      ) : (
        <>
          <OtpField
            ref={input}
            label={t('code.label')}
            labelHidden
            value={code}
            onChange={change}
            onComplete={send}
            error={problem}
            disabled={confirm.isPending}
            withKeys={touch}
            autoFocus
          />
          <Row justify="between">
            {confirm.isPending ? <Checking /> : <SecondsLeft />}
            <Button look="quiet" size="small" icon={ClipboardPaste} onClick={() => void paste()}>
              {t('code.paste')}
            </Button>
          </Row>
          {touch && (
            <DigitKeys
              value={code}
              onChange={change}
              onComplete={send}
              onSubmit={send}
              submitLabel={t('code.submit')}
              disabled={confirm.isPending}
            />
          )}
        </>
      )}
      <Row gap={8} justify="center">
        <Button look="quiet" onClick={onRecovery}>
          {t('code.useRecovery')}
        </Button>
        <Button look="quiet" onClick={() => setHelping(true)}>
          {t('help.open')}
        </Button>
      </Row>
      <CodeHelp open={helping} onClose={() => setHelping(false)} />
    </Stack>
  );
}

function useProblem(error: Error | null): string | null {
  const { t } = useTranslation('sign-in');
  const words = useErrorWords();
  if (!error) return null;
  if (!(error instanceof ApiError)) return words(error);
  if (error.key === 'otp.wrong') return t('code.wrong', { count: error.number('attempts_left') ?? 0 });
  if (error.key === 'otp.used') return t('code.used');
  return words(error);
}

function Checking() {
  const { t } = useTranslation('sign-in');
  return <span role="status">{t('checking')}</span>;
}

/** Until the app shows other digits; codes change on the half minute everywhere. */
function SecondsLeft() {
  const { t } = useTranslation('sign-in');
  const now = useClock(500);
  const left = STEP_S - (Math.floor(now / 1000) % STEP_S);
  return (
    <Countdown left={left} of={STEP_S}>
      {t('code.changesIn', { count: left })}
    </Countdown>
  );
}
