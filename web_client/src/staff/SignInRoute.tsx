/**
 * Signing in, in two steps: staff number and password, then a code from the authenticator app (or a recovery
 * code). The server decides the step; this page follows what it says, also after a reload in between.
 */
import { useQueryClient } from '@tanstack/react-query';
import { FileClock } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import type { Me } from '../api';
import { Card, Failed, FootNote, LanguageControl, Loading, Page, TopBar, TopBarNote } from '../design';
import { forgetMe, nextPath, rememberMe, useMe, usePublic, useSignOut } from '../session';
import { CodeStep } from './CodeStep';
import { PasswordStep } from './PasswordStep';
import { useTitle } from './title';

export function SignInRoute() {
  const { t } = useTranslation('sign-in');
  const { data: me, error, isPending, refetch } = useMe();
  const queries = useQueryClient();
  const signOut = useSignOut();
  const navigate = useNavigate();
  const next = nextPath(useLocation().search);
  const [staffNo, setStaffNo] = useState('');
  useTitle(t('title'));

  useEffect(() => {
    if (me?.stage === 'full') void navigate(next, { replace: true });
    if (me?.stage === 'enrol') void navigate('/enrol', { replace: true });
  }, [me, next, navigate]);

  const afterPassword = async (typed: string) => {
    setStaffNo(typed);
    await forgetMe(queries);
  };
  const somebodyElse = async () => {
    setStaffNo('');
    await signOut();
  };

  return (
    <SignInPage>
      {error && (
        <Card pad={false}>
          <Failed whole title={t('unreachable')} error={error} onRetry={() => void refetch()} />
        </Card>
      )}
      {!error && (isPending || me?.stage === 'full' || me?.stage === 'enrol') && (
        <Loading label={t('reading')} lines={2} />
      )}
      {!error && !isPending && me === null && <PasswordStep onDone={afterPassword} />}
      {!error && me?.stage === 'otp' && (
        <CodeStep
          staffNo={staffNo}
          onDone={(full: Me) => rememberMe(queries, full)}
          onSomebodyElse={somebodyElse}
        />
      )}
    </SignInPage>
  );
}

/** The frame of the pages before the building: whose system it is, the language, what is recorded. */
export function SignInPage({ children }: { children: ReactNode }) {
  const { t } = useTranslation('sign-in');
  const installation = usePublic();
  return (
    <Page
      width="form"
      header={
        <TopBar>
          <TopBarNote>{installation?.organisation}</TopBarNote>
          <LanguageControl short />
        </TopBar>
      }
      footer={<FootNote icon={FileClock}>{t('recorded')}</FootNote>}
    >
      {children}
    </Page>
  );
}
