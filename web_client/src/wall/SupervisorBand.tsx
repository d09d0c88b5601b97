/** What a supervisor does in a call of the office: be heard by the own staff only, take it over, take part after listening. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Ear, EarOff, Speech, UserCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { type Call, get, type Person, post } from '../api';
import { isStaff } from '../call/members';
import type { LiveCall } from '../call/useCall';
import { callKey } from '../call/useCallDetails';
import { Button, ErrorNotice, PrivateBand } from '../design';

export function SupervisorBand({
  call,
  person,
  live,
  isListening,
}: {
  call: Call;
  person: Person;
  live: LiveCall;
  isListening: boolean;
}) {
  const { t } = useTranslation('wall');
  const navigate = useNavigate();
  if (isListening) {
    return (
      <PrivateBand
        icon={Ear}
        title={t('inCall.listening')}
        actions={
          <Button onClick={() => void navigate(`/calls/${encodeURIComponent(call.id)}`, { replace: true })}>
            {t('inCall.speak')}
          </Button>
        }
      >
        {t('inCall.listeningMore')}
      </PrivateBand>
    );
  }
  return <Acts call={call} person={person} live={live} />;
}

function Acts({ call, person, live }: { call: Call; person: Person; live: LiveCall }) {
  const { t } = useTranslation('wall');
  const queries = useQueryClient();
  const path = { call_id: call.id };
  const queryKey = ['calls', call.id, 'whisper'];
  const { data } = useQuery({ queryKey, queryFn: () => get('/calls/{call_id}/whisper', { path }) });
  const whisper = useMutation({
    // The microphone is closed until the server has decided who hears it.
    mutationFn: async (on: boolean) => {
      await live.session?.setMicrophone(false);
      await post('/calls/{call_id}/whisper', { path, body: { on } });
      queries.setQueryData(queryKey, { on });
      if (on) await live.session?.setMicrophone(true);
    },
    onError: () => queries.invalidateQueries({ queryKey }),
  });
  const takeOver = useMutation({
    mutationFn: () => post('/calls/{call_id}/take-over', { path }),
    onSuccess: (answer) => queries.setQueryData(callKey(call.id), answer),
  });
  const { members, holdSince } = live.snapshot;
  const others = members.filter(({ isLocal }) => !isLocal);
  const hasBoth = others.some(({ role }) => isStaff(role)) && others.some(({ role }) => !isStaff(role));
  const isOn = data?.on ?? false;
  const isHost = call.host.id === person.id;
  if (holdSince !== null || (isHost && !isOn) || (!isOn && others.length === 0)) return null;
  const error = whisper.error ?? takeOver.error;
  return (
    <>
      {error && <ErrorNotice title={t('inCall.failed')} error={error} />}
      <PrivateBand
        alarm={isOn}
        icon={isOn ? EarOff : Speech}
        title={t(isOn ? 'inCall.whispering' : 'inCall.supervisor')}
        actions={
          <>
            {(hasBoth || isOn) && (
              <Button
                look={isOn ? 'primary' : 'second'}
                icon={isOn ? Speech : EarOff}
                busy={whisper.isPending}
                onClick={() => whisper.mutate(!isOn)}
              >
                {t(isOn ? 'inCall.speakUp' : 'inCall.whisper')}
              </Button>
            )}
            {!isHost && !isOn && (
              <Button
                look="plain"
                icon={UserCheck}
                busy={takeOver.isPending}
                onClick={() => takeOver.mutate()}
              >
                {t('inCall.takeOver')}
              </Button>
            )}
          </>
        }
      >
        {t(isOn ? 'inCall.whisperingMore' : 'inCall.supervisorMore', { name: call.host.name })}
      </PrivateBand>
    </>
  );
}
