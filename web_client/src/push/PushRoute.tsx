/** 「呼び出しの通知」: whether rings reach this device with the page closed, and what to do where they do not. */
import { ArrowLeft, BellOff, BellRing } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Person } from '../api';
import { dateOf, timeOf } from '../clock';
import {
  Button,
  Card,
  ErrorNotice,
  Failed,
  LinkButton,
  Loading,
  Notice,
  Page,
  Row,
  Section,
  Stack,
  StatusLine,
  Steps,
  Tag,
  Title,
  Words,
} from '../design';
import { StaffDoor } from '../staff/StaffDoor';
import { StaffHeader } from '../staff/StaffHeader';
import { useTitle } from '../staff/title';
import { knownAs, PermissionRefused, type PushState, ServiceUnreachable } from './device';
import { usePush } from './usePush';
import '../design/webfont';

export function PushRoute() {
  const { t } = useTranslation('push');
  useTitle(t('title'));
  return (
    <StaffDoor reading={t('reading')} failed={t('failed')}>
      {(person) => <PushScreen person={person} />}
    </StaffDoor>
  );
}

function PushScreen({ person }: { person: Person }) {
  const { t } = useTranslation('push');
  const ways = usePush();
  const { push } = ways;
  return (
    <Page width="form" header={<StaffHeader person={person} />}>
      <Title lead={t('lead')}>{t('title')}</Title>
      {push.isPending && (
        <Card pad={false}>
          <Loading label={t('reading')} />
        </Card>
      )}
      {push.isError && !push.data && (
        <Card pad={false}>
          <Failed title={t('failed')} error={push.error} onRetry={() => void push.refetch()} />
        </Card>
      )}
      {push.data && (
        <>
          <Card>
            <Stack gap={4}>
              <StateWords state={push.data.state} />
              <Actions ways={ways} state={push.data.state} publicKey={push.data.public_key} />
            </Stack>
          </Card>
          {push.data.devices.length > 0 && <Devices ways={ways} devices={push.data.devices} />}
        </>
      )}
      <LinkButton look="plain" icon={ArrowLeft} to="/">
        {t('back')}
      </LinkButton>
    </Page>
  );
}

const STEPS = {
  blocked: ['state.blockedStep1', 'state.blockedStep2', 'state.blockedStep3'],
  'home-screen': ['state.home-screenStep1', 'state.home-screenStep2', 'state.home-screenStep3'],
} as const;

function StateWords({ state }: { state: PushState }) {
  const { t } = useTranslation('push');
  return (
    <Stack gap={3}>
      <StatusLine
        live
        icon={state === 'on' ? BellRing : BellOff}
        look={state === 'on' ? 'ok' : state === 'off' ? 'plain' : 'warn'}
      >
        <Words voice="strong" as="span">
          {t(`state.${state}`)}
        </Words>
      </StatusLine>
      <Words>{t(`state.${state}Text`)}</Words>
      {(state === 'blocked' || state === 'home-screen') && (
        <Steps steps={STEPS[state].map((key) => t(key))} />
      )}
    </Stack>
  );
}

type Ways = ReturnType<typeof usePush>;

function Actions({ ways, state, publicKey }: { ways: Ways; state: PushState; publicKey: string }) {
  const { t } = useTranslation('push');
  const { start, stop, test } = ways;
  if (state === 'off') {
    return (
      <Stack gap={3}>
        <Button
          size="large"
          icon={BellRing}
          busy={start.isPending}
          busyLabel={t('turningOn')}
          onClick={() => start.mutate(publicKey)}
        >
          {t('turnOn')}
        </Button>
        {start.error && <StartFailed error={start.error} />}
      </Stack>
    );
  }
  if (state !== 'on') return null;
  return (
    <Stack gap={3}>
      <Button
        size="large"
        look="second"
        icon={BellRing}
        busy={test.isPending}
        busyLabel={t('testing')}
        onClick={() => test.mutate()}
      >
        {t('test')}
      </Button>
      {test.isSuccess && (
        <Notice look="ok" live>
          {t('tested')}
        </Notice>
      )}
      {test.error && <ErrorNotice title={t('testFailed')} error={test.error} />}
      <Button look="plain" icon={BellOff} busy={stop.isPending} onClick={() => stop.mutate()}>
        {t('turnOff')}
      </Button>
      {stop.error && <ErrorNotice title={t('turnOffFailed')} error={stop.error} />}
    </Stack>
  );
}

function StartFailed({ error }: { error: Error }) {
  const { t } = useTranslation('push');
  if (error instanceof PermissionRefused || error instanceof ServiceUnreachable) {
    return (
      <Notice look="warn" live title={t('turnOnFailed')}>
        {t(error instanceof PermissionRefused ? 'refusedByPerson' : 'notReached')}
      </Notice>
    );
  }
  return <ErrorNotice title={t('turnOnFailed')} error={error} />;
}

type Device = NonNullable<Ways['push']['data']>['devices'][number];

function Devices({ ways, devices }: { ways: Ways; devices: readonly Device[] }) {
  const { t, i18n } = useTranslation('push');
  const { remove } = ways;
  const moment = (at: string) => `${dateOf(at, i18n.language)} ${timeOf(at)}`;
  return (
    <Section title={t('devices')}>
      <Stack gap={3}>
        {devices.map((device) => {
          const label = device.label || t('unnamed');
          const isHere = ways.push.data?.state === 'on' && device.id === knownAs();
          return (
            <Card key={device.id}>
              <Stack gap={3}>
                <Row>
                  <Words voice="strong">{label}</Words>
                  {isHere && <Tag look="ok">{t('here')}</Tag>}
                </Row>
                <Words voice="note">
                  {device.used_at ? t('used', { time: moment(device.used_at) }) : t('never')}
                </Words>
                {!isHere && (
                  <Button
                    look="plain"
                    icon={BellOff}
                    busy={remove.isPending && remove.variables === device.id}
                    aria-label={t('removeNamed', { label })}
                    onClick={() => remove.mutate(device.id)}
                  >
                    {t('remove')}
                  </Button>
                )}
              </Stack>
            </Card>
          );
        })}
        {remove.error && <ErrorNotice title={t('removeFailed')} error={remove.error} />}
      </Stack>
    </Section>
  );
}
