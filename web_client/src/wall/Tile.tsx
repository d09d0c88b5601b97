/** One call on the wall: what is wrong, since when, who is in it, how their lines carry, and the ways in. */
import { useQueryClient } from '@tanstack/react-query';
import { Ear, Phone, PhoneIncoming, SignalHigh, SignalLow, SignalZero, Users } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { InviteStaff } from '../call/InviteStaff';
import { lasted } from '../clock';
import { Button, ErrorNotice, Sheet, Stack, Tag, WallLine, WallTile } from '../design';
import { useJoinCall } from '../staff/calls';
import { whoIsIn } from '../staff/callWords';
import { useCallTitle } from '../staff/topics';
import { useWords } from '../words';
import { type WallLimits, type WallTileEntry, worstLine } from './wall';

const LINES = {
  excellent: { icon: SignalHigh, look: 'ok' },
  good: { icon: SignalHigh, look: 'ok' },
  poor: { icon: SignalLow, look: 'warn' },
  lost: { icon: SignalZero, look: 'danger' },
} as const;

export function Tile({ tile, limits, now }: { tile: WallTileEntry; limits: WallLimits; now: number }) {
  const { t } = useTranslation(['wall', 'home']);
  const { t: home } = useTranslation('home');
  const titleOf = useCallTitle();
  const join = useJoinCall();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [isCalling, setCalling] = useState(false);
  const words = useWords('call');
  const { call, consultation } = tile;
  const breach = tile.breaches[0];
  const isOpen = call.state === 'open';
  const line = worstLine(tile);
  const title = titleOf(call);
  const rung = consultation?.state === 'waiting' ? consultation.rung.map(({ name }) => name) : [];
  const limit_s = breach === 'wait' ? limits.wait_s : breach === 'long' ? limits.call_s : null;
  const close = () => {
    setCalling(false);
    void queries.invalidateQueries({ queryKey: ['calls'] });
  };
  return (
    <>
      <WallTile
        breach={breach && t(`breach.${breach}`)}
        state={<State tile={tile} />}
        time={lasted(tile.since, now)}
        timeNote={limit_s === null ? undefined : t('limit', { time: lasted(0, limit_s * 1000) })}
        title={title}
        lines={[
          call.place ? `${call.place}　${call.number}` : call.number,
          t('from', { office: call.host.office, name: call.host.name }),
          ...(rung.length > 0 ? [t('rung', { names: rung.join(t('home:nameJoint')) })] : []),
        ]}
        foot={
          <Stack gap={1}>
            {line && (
              <WallLine icon={LINES[line].icon} look={LINES[line].look}>
                {t(`line.${line}`)}
              </WallLine>
            )}
            <WallLine icon={Users} look="plain">
              {whoIsIn(call, home)}
            </WallLine>
            {join.error && <ErrorNotice title={t('joinFailed')} error={join.error} />}
          </Stack>
        }
        actions={
          <>
            <Button
              icon={Phone}
              look={breach ? 'primary' : 'second'}
              disabled={!isOpen}
              busy={join.isPending}
              busyLabel={t('joining')}
              aria-label={t('joinNamed', { title })}
              onClick={() => join.mutate(call.id)}
            >
              {t('join')}
            </Button>
            {breach === 'wait' || breach === 'unattended' || call.live_count === 0 ? (
              <Button
                look="second"
                disabled={!isOpen}
                aria-label={t('callNamed', { title })}
                onClick={() => setCalling(true)}
              >
                {t('callOther')}
              </Button>
            ) : (
              <Button
                icon={Ear}
                look="second"
                aria-label={t('listenNamed', { title })}
                onClick={() => void navigate(`/calls/${encodeURIComponent(call.id)}?listen`)}
              >
                {t('listen')}
              </Button>
            )}
          </>
        }
      />
      <Sheet open={isCalling} onClose={close} title={t('callTitle', { title })}>
        {isCalling && <InviteStaff call={call} words={words} />}
      </Sheet>
    </>
  );
}

function State({ tile }: { tile: WallTileEntry }) {
  const { t } = useTranslation('wall');
  const state = tile.consultation?.state;
  if (state === 'waiting') {
    return (
      <Tag look="info" icon={PhoneIncoming}>
        {t('state.ringing')}
      </Tag>
    );
  }
  if (state === 'ticket') return <Tag look="warn">{t('state.ticket')}</Tag>;
  return <Tag look="ok">{t('state.live')}</Tag>;
}
