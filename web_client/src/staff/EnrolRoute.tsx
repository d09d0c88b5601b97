/** Registering the authenticator app: the QR code, a first code as proof, then the recovery codes, shown this once. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { ApiError, type Enrolment, get, post } from '../api';
import {
  Button,
  Card,
  Clip,
  Columns,
  CopyButton,
  Disclosure,
  Empty,
  Failed,
  LinkButton,
  Loading,
  OTP_LENGTH,
  OtpField,
  QrCode,
  Row,
  Stack,
  Steps,
  Title,
  useErrorWords,
  Words,
} from '../design';
import { rememberMe } from '../session';
import { RecoveryCodes } from './RecoveryCodes';
import { SignInPage } from './SignInRoute';
import { useTitle } from './title';

export function EnrolRoute() {
  const { t } = useTranslation('sign-in');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [codes, setCodes] = useState<string[] | null>(null);
  useTitle(t('enrol.title'));
  const enrolment = useQuery({
    queryKey: ['enrolment'],
    queryFn: () => get('/enrolment'),
    staleTime: Number.POSITIVE_INFINITY, // asking again would make another secret than the one just scanned
    gcTime: 0,
    enabled: codes === null,
  });

  if (codes) return <RecoveryCodes codes={codes} onDone={() => void navigate('/', { replace: true })} />;
  return (
    <SignInPage>
      {enrolment.isPending && <Loading label={t('enrol.reading')} />}
      {enrolment.error && <NotNow error={enrolment.error} onRetry={() => void enrolment.refetch()} />}
      {enrolment.data && (
        <Register
          enrolment={enrolment.data}
          onDone={({ recovery_codes, me }) => {
            setCodes(recovery_codes);
            rememberMe(queries, me);
          }}
        />
      )}
    </SignInPage>
  );
}

/** Nobody has given a password, or the registration is done already: neither is a failure to try again. */
function NotNow({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const { t } = useTranslation('sign-in');
  const refused = error instanceof ApiError && error.status >= 400 && error.status < 500;
  return (
    <Card pad={false}>
      {refused ? (
        <Empty
          whole
          title={error.status === 401 ? t('enrol.failed') : t('enrol.already')}
          actions={<LinkButton to="/sign-in">{t('enrol.toSignIn')}</LinkButton>}
        >
          {error.status !== 401 && <p>{t('enrol.alreadyText')}</p>}
        </Empty>
      ) : (
        <Failed whole title={t('enrol.failed')} error={error} onRetry={onRetry} />
      )}
    </Card>
  );
}

type Enrolled = Awaited<ReturnType<typeof confirmCode>>;

function confirmCode(code: string) {
  return post('/enrolment', { body: { code } });
}

function Register({ enrolment, onDone }: { enrolment: Enrolment; onDone: (enrolled: Enrolled) => void }) {
  const { t } = useTranslation('sign-in');
  const words = useErrorWords();
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState('');
  const confirm = useMutation({
    mutationFn: confirmCode,
    onSuccess: onDone,
    onError: (error) => {
      if (error instanceof ApiError && error.status !== 0) setCode('');
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(code.length < OTP_LENGTH ? t('enrol.confirmMissing') : '');
    if (code.length === OTP_LENGTH && !confirm.isPending) confirm.mutate(code);
  };
  const change = (digits: string) => {
    if (digits) {
      setMissing('');
      if (confirm.error) confirm.reset();
    }
    setCode(digits);
  };
  const wrong = confirm.error instanceof ApiError && confirm.error.key === 'otp.wrong';
  const problem = confirm.error ? (wrong ? t('enrol.wrong') : words(confirm.error)) : missing;

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap={6}>
        <Title lead={t('enrol.lead')}>{t('enrol.heading')}</Title>
        <Card>
          <Steps
            steps={[
              <Stack key="scan" gap={4}>
                <StepWords title={t('enrol.step1.title')} text={t('enrol.step1.text')} />
                <Row justify="center">
                  <QrCode svg={enrolment.qr_svg} label={t('enrol.step1.qr')} size="large" />
                </Row>
                <ByHand enrolment={enrolment} />
              </Stack>,
              <Stack key="code" gap={4}>
                <StepWords title={t('enrol.step2.title')} text={t('enrol.step2.text')} />
                <OtpField
                  label={t('code.label')}
                  labelHidden
                  compact
                  value={code}
                  onChange={change}
                  onComplete={(digits) => !confirm.isPending && confirm.mutate(digits)}
                  error={problem}
                  disabled={confirm.isPending}
                />
              </Stack>,
            ]}
          />
        </Card>
        <Button type="submit" size="large" block busy={confirm.isPending} busyLabel={t('checking')}>
          {t('enrol.confirm')}
        </Button>
      </Stack>
    </form>
  );
}

function StepWords({ title, text }: { title: string; text: string }) {
  return (
    <div>
      <Words voice="strong" as="h2">
        {title}
      </Words>
      <Words>{text}</Words>
    </div>
  );
}

function ByHand({ enrolment }: { enrolment: Enrolment }) {
  const { t } = useTranslation('sign-in');
  const inFours = enrolment.secret.replace(/(.{4})(?=.)/g, '$1 ');
  return (
    <Disclosure summary={t('enrol.manual.open')}>
      <Stack gap={3}>
        <Words>{t('enrol.manual.text')}</Words>
        <Clip label={t('enrol.manual.secret')} text={inFours} spaced />
        <Columns>
          <CopyButton
            text={enrolment.secret}
            label={t('enrol.manual.copy')}
            done={t('enrol.manual.copied')}
          />
          <LinkButton look="second" href={enrolment.otpauth_uri}>
            {t('enrol.manual.sameDevice')}
          </LinkButton>
        </Columns>
      </Stack>
    </Disclosure>
  );
}
