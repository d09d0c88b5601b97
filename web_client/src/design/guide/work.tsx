/** The work itself: video frames, call controls, starting a call, the list of calls. */
import {
  Camera,
  CameraOff,
  Flashlight,
  Mic,
  MicOff,
  PhoneOff,
  Snowflake,
  SwitchCamera,
  ZoomIn,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../Button';
import { CallList, CallRow } from '../CallRow';
import { topicPicture } from '../pictures';
import { StartBlock } from '../StartBlock';
import { Tag } from '../Tag';
import { ToolButton } from '../ToolButton';
import { VideoTile } from '../VideoTile';
import { Note, Specimen } from './Specimen';

export function Tiles() {
  const { t } = useTranslation('design');
  const name = t('people.name');
  return (
    <Specimen title={t('tiles.title')} wide={12}>
      <div className="grid grid-cols-2 gap-3.5 tablet:grid-cols-3 desk:grid-cols-6">
        <TileNote words={t('tiles.speaking')}>
          <VideoTile name={name} role="supervisor" state={{ kind: 'live' }} speaking>
            <Scene />
          </VideoTile>
        </TileNote>
        <TileNote words={t('tiles.cameraOff')}>
          <VideoTile name={t('people.other')} role="specialist" state={{ kind: 'camera-off' }} />
        </TileNote>
        <TileNote words={t('tiles.stills')}>
          <VideoTile name={name} role="field" state={{ kind: 'stills', age_s: 5 }}>
            <Scene />
          </VideoTile>
        </TileNote>
        <TileNote words={t('tiles.reconnecting')}>
          <VideoTile name={name} role="field" state={{ kind: 'reconnecting', seconds: 3 }} />
        </TileNote>
        <TileNote words={t('tiles.frozen')}>
          <VideoTile name={name} role="field" state={{ kind: 'frozen' }}>
            <Scene />
          </VideoTile>
        </TileNote>
        <TileNote words={t('tiles.muted')}>
          <VideoTile name={t('people.guest')} role="resident" state={{ kind: 'live' }} muted>
            <Scene />
          </VideoTile>
        </TileNote>
      </div>
    </Specimen>
  );
}

function TileNote({ words, children }: { words: string; children: ReactNode }) {
  return (
    <div>
      {children}
      <Note>{words}</Note>
    </div>
  );
}

/** A drawn slope and river in place of a picture. */
function Scene() {
  return (
    <svg viewBox="0 0 160 100" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <path fill="#b9c8cf" d="M0 0h160v100H0z" />
      <path fill="#7c9a6d" d="M0 46 60 30l100 24v46H0z" />
      <path fill="#9a8f80" d="M0 66h160v14H0z" />
      <path fill="#7c959f" d="M0 80h160v20H0z" />
    </svg>
  );
}

export function Tools() {
  const { t } = useTranslation('design');
  const [muted, setMuted] = useState(false);
  const [torch, setTorch] = useState(true);
  return (
    <Specimen title={t('tools.title')} wide={6}>
      <div className="grid grid-cols-4 gap-2 rounded-card bg-stage-2 p-3">
        <ToolButton icon={PhoneOff} label={t('tools.end')} look="hang" />
        <ToolButton
          icon={muted ? MicOff : Mic}
          label={muted ? t('tools.micOff') : t('tools.micOn')}
          look={muted ? 'alert' : 'tool'}
          pressed={muted}
          onClick={() => setMuted(!muted)}
        />
        <ToolButton icon={CameraOff} label={t('tools.cameraOff')} pressed />
        <ToolButton icon={SwitchCamera} label={t('tools.switch')} />
        <ToolButton
          icon={Flashlight}
          label={torch ? t('tools.torchOn') : t('tools.torchOff')}
          pressed={torch}
          onClick={() => setTorch(!torch)}
        />
        <ToolButton icon={ZoomIn} label={t('tools.zoom')} mark={t('tools.unread')} />
        <ToolButton icon={Snowflake} label={t('tools.off')} disabled />
        <ToolButton icon={Camera} label={t('tools.main')} look="main" />
      </div>
      <Note>{t('tools.note')}</Note>
    </Specimen>
  );
}

export function Starting() {
  const { t } = useTranslation('design');
  return (
    <Specimen title={t('starting.title')} wide={6}>
      <StartBlock
        title={t('starting.start')}
        lead={t('starting.lead')}
        topicsLabel={t('starting.topics')}
        starting={null}
        startingLabel={t('starting.starting')}
        onStart={() => {}}
        topics={[
          {
            key: 'road',
            label: t('starting.bridge'),
            icon: topicPicture('bridge'),
            supply: t('starting.now'),
            supplyLook: 'ok',
          },
          {
            key: 'slope',
            label: t('starting.slope'),
            icon: topicPicture('slope'),
            supply: t('starting.later'),
            supplyLook: 'warn',
          },
          {
            key: 'building',
            label: t('starting.building'),
            icon: topicPicture('building'),
            supply: t('starting.now'),
            supplyLook: 'ok',
          },
        ]}
      />
      <div className="mt-4">
        <CallList label={t('starting.list')}>
          <CallRow
            live
            time="10:00"
            timeNote="4:12"
            title={t('inputs.caseValue')}
            lines={[t('tables.placeValue')]}
            tag={
              <Tag look="info" large>
                {t('tags.live')}
              </Tag>
            }
            action={<Button look="second">{t('starting.enter')}</Button>}
          />
        </CallList>
      </div>
    </Specimen>
  );
}
