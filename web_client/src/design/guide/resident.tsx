/** What residents meet on the way into a call: who calls, the telephone, what happened, the picture of the question. */
import { CircleCheck, Mic, MicOff, VideoOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useWords } from '../../words';
import { CheckSteps, NextSteps } from '../CheckSteps';
import { Furigana } from '../Furigana';
import { LevelMeter } from '../LevelMeter';
import { PermissionPicture } from '../PermissionPicture';
import {
  HostCard,
  PicturedSteps,
  PreviewFrame,
  Reasons,
  ResidentMatter,
  ResidentStatus,
  ResidentText,
  SwitchButton,
} from '../Resident';
import { PhoneLink, SafeLine } from '../Telephone';
import { Specimen } from './Specimen';

const PHONE = '000-000-1126';
const CHECKED = [
  ['server', 'good'],
  ['live', 'weak'],
  ['udp', 'bad'],
  ['relay', 'skipped'],
  ['tcp', 'running'],
  ['camera', 'waiting'],
] as const;

export function ResidentParts() {
  const { t } = useTranslation('design');
  const words = useWords('join');
  const check = useWords('check');
  return (
    <Specimen title={t('resident.title')} wide={12}>
      <div className="grid items-start gap-6 tablet:grid-cols-2 desk:grid-cols-3">
        <div className="grid gap-4">
          <HostCard
            name={t('people.name')}
            kana={t('people.kana')}
            lines={[t('people.department'), t('people.post')]}
          />
          <HostCard
            reading="above"
            name={t('people.name')}
            kana={t('people.kana')}
            lines={[words.say('landing.who')]}
          />
          <div className="grid grid-cols-2 gap-2">
            <SwitchButton on={false}>{words.name('settings.easy')}</SwitchButton>
            <SwitchButton on>{words.name('settings.easy')}</SwitchButton>
          </div>
          <PhoneLink number={PHONE} words={words.say('phone.call')} />
          <PhoneLink look="primary" number={PHONE} words={words.say('phone.call')} />
          <PhoneLink look="quiet" number={PHONE} words={words.say('phone.call')} />
          <SafeLine text={words.say('safe')} />
        </div>
        <div className="grid gap-4">
          <ResidentMatter icon={MicOff} text={words.say('problem.refused.heading')} level="h3">
            <ResidentText text={words.say('problem.refused.effect')} />
          </ResidentMatter>
          <ResidentMatter icon={CircleCheck} look="ok" text={words.say('ended.left.heading')} level="h3">
            <ResidentText text={words.say('ended.left.what')} />
          </ResidentMatter>
          <ResidentStatus icon={Mic} good={false} text={words.say('check.speak')}>
            <LevelMeter label={words.name('check.meter')} fill={0.2} />
          </ResidentStatus>
          <ResidentStatus icon={CircleCheck} good text={words.say('check.heard')}>
            <LevelMeter label={words.name('check.meter')} fill={0.8} />
          </ResidentStatus>
          <PreviewFrame words={words.say('check.camera_off')} />
          <CheckSteps
            label={check.name('steps')}
            steps={CHECKED.map(([key, state]) => ({
              key,
              name: check.say(`step.${key}`),
              state,
              words: state === 'waiting' ? '' : check.say(`state.${state}`),
            }))}
          />
          <NextSteps texts={[check.say('advice.move')]} />
        </div>
        <div className="grid gap-4">
          <Question shape="ios" />
          <Question shape="android" />
          <PicturedSteps
            steps={['first', 'second', 'third'].map((step) => ({
              text: words.say(`steps.ios_safari.${step}.do`),
              picture: words.name(`steps.ios_safari.${step}.press`),
            }))}
          />
          <Reasons
            reasons={[
              {
                icon: VideoOff,
                word: words.name('explain.camera'),
                text: words.say('explain.camera_why'),
              },
            ]}
          />
          <p className="text-18">
            <Furigana text={t('resident.reading')} />
          </p>
        </div>
      </div>
    </Specimen>
  );
}

function Question({ shape }: { shape: 'ios' | 'android' }) {
  const words = useWords('join');
  const host = 'genba.example';
  return (
    <PermissionPicture
      shape={shape}
      words={{
        label: words.say('explain.picture'),
        spoken: words.name('explain.picture_label'),
        host,
        question: words.name(`explain.asks_${shape}`, { host }),
        devices: words.name('explain.asks_devices'),
        deny: words.name('explain.deny'),
        allow: words.name(shape === 'ios' ? 'explain.allow' : 'explain.allow_android'),
        pressHere: words.say('explain.press_here'),
      }}
    />
  );
}
