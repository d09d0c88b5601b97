/** A list of calls as rows, live ones first, each live one with its way in. */
import { LogIn, NotebookPen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Call } from '../api';
import { timeOf, useClock } from '../clock';
import { Button, CallList, CallRow, ErrorNotice, LinkButton, Stack, Tag } from '../design';
import { useJoinCall } from './calls';
import { inOrder, isLive, span, whoIsIn, whoWasIn } from './callWords';
import { useCallTitle } from './topics';

export function CallRows({ calls, label }: { calls: readonly Call[]; label: string }) {
  const { t } = useTranslation('home');
  const now = useClock(1000);
  const join = useJoinCall();
  const titleOf = useCallTitle();
  return (
    <Stack gap={3}>
      {join.error && <ErrorNotice title={t('joinFailed')} error={join.error} />}
      <CallList label={label}>
        {inOrder(calls).map((call) => (
          <CallRow
            key={call.id}
            time={timeOf(call.started_at)}
            timeNote={span(call, now, t)}
            title={titleOf(call)}
            lines={[call.place, isLive(call) ? whoIsIn(call, t) : whoWasIn(call, t)].filter(Boolean)}
            live={isLive(call)}
            tag={
              isLive(call) ? (
                <Tag look="info" large>
                  {t('live')}
                </Tag>
              ) : (
                <Tag large>{t('over')}</Tag>
              )
            }
            action={
              isLive(call) ? (
                <Button
                  look="second"
                  icon={LogIn}
                  busy={join.isPending && join.variables === call.id}
                  busyLabel={t('entering')}
                  aria-label={t('enterNamed', { title: titleOf(call) })}
                  onClick={() => join.mutate(call.id)}
                >
                  {t('enter')}
                </Button>
              ) : (
                <LinkButton
                  look="plain"
                  icon={NotebookPen}
                  to={`/calls/${encodeURIComponent(call.id)}/recap`}
                  aria-label={t('recapNamed', { title: titleOf(call) })}
                >
                  {t('recap')}
                </LinkButton>
              )
            }
          />
        ))}
      </CallList>
    </Stack>
  );
}
