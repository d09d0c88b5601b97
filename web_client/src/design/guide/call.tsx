/** The call: words over and under the stage, the resident's deck, people and written lines in a panel. */
import { CircleCheck, Clock, Mic, MicOff, PenLine, Signal, Unplug, Volume2, VolumeX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useWords } from '../../words';
import { Button } from '../Button';
import { CallBar } from '../CallFrame';
import { ChatComposer, ChatLog } from '../ChatView';
import { NameBand, SelfCorner, WideTool, WordsBand } from '../GuestFrame';
import { KeyList } from '../KeyList';
import { PeopleList, PersonRow } from '../People';
import { StageMessage, StageNotice } from '../Stage';
import { Tag } from '../Tag';
import { Specimen } from './Specimen';

export function OverTheStage() {
  const { t } = useTranslation('design');
  const words = useWords('call');
  return (
    <Specimen title={t('call.stage')} wide={12}>
      <div className="grid gap-5 desk:grid-cols-2">
        <div className="grid gap-3 bg-stage p-4">
          <CallBar
            as="div"
            title={t('type.place')}
            number="R8-0142"
            line={words.name('line.good')}
            lineLook="ok"
            elapsed="07:18"
            elapsedLabel={words.name('elapsed')}
          />
          <StageNotice
            icon={Unplug}
            title={words.name('notice.reconnecting')}
            counter={words.name('notice.seconds', { seconds: 3 })}
          >
            {words.name('notice.reconnecting_more')}
          </StageNotice>
          <StageNotice icon={CircleCheck} tone="ok" title={words.name('notice.back')} />
          <StageNotice
            icon={Volume2}
            title={words.name('notice.sound')}
            action={<Button icon={Volume2}>{words.name('notice.sound_on')}</Button>}
          >
            {words.name('notice.sound_more')}
          </StageNotice>
        </div>
        <div className="grid gap-3 bg-stage p-4 text-white">
          <div className="relative h-60 overflow-hidden bg-stage-2">
            <SelfCorner note={words.name('stage.you')} off={words.name('stage.camera_off')} />
            <NameBand name={t('people.name')} kana={t('people.kana')} lines={[t('people.post')]} />
          </div>
          <div className="relative h-24 bg-stage-2">
            <StageMessage title={words.name('stage.alone')} />
          </div>
          <WordsBand icon={Signal} above={words.name('line.good')} />
          <WordsBand icon={PenLine} above={words.name('chat.arrived', { name: t('people.name') })}>
            {t('call.line')}
          </WordsBand>
          <div className="grid grid-cols-2 gap-2.5">
            <WideTool
              icon={PenLine}
              text={words.say('tools.write')}
              mark={words.name('tools.chat_unread', { count: 1 })}
            />
            <WideTool icon={VolumeX} text={words.say('tools.no_sound')} />
          </div>
        </div>
      </div>
    </Specimen>
  );
}

export function InThePanel() {
  const { t } = useTranslation('design');
  const words = useWords('call');
  const unsent = { key: 'u', text: t('call.line'), failed: true };
  return (
    <Specimen title={t('call.panel')} wide={12}>
      <div className="grid items-start gap-5 tablet:grid-cols-2 desk:grid-cols-3">
        <PeopleList label={words.name('people.title')}>
          <PersonRow
            name={t('people.name')}
            role="supervisor"
            lines={[t('people.department'), t('people.post')]}
            tag={<Tag look="info">{words.name('people.host')}</Tag>}
            states={[{ icon: Mic, words: words.name('people.microphone_on') }]}
          />
          <PersonRow
            name={t('people.guest')}
            role="resident"
            lines={[]}
            states={[{ icon: MicOff, words: words.name('people.microphone_off'), tone: 'warn' }]}
          />
          <PersonRow
            faded
            name={t('people.other')}
            role="specialist"
            lines={[]}
            states={[{ icon: Clock, words: words.name('people.waiting_member') }]}
            below={
              <Button size="small" look="danger-line">
                {words.name('invite.revoke')}
              </Button>
            }
          />
        </PeopleList>
        <div className="border border-line">
          <div className="px-4">
            <ChatLog
              label={words.name('chat.log')}
              lines={[
                {
                  id: '1',
                  who: t('people.other'),
                  role: 'specialist',
                  at: '10:21',
                  text: t('call.line'),
                  own: false,
                },
                {
                  id: '2',
                  who: words.name('chat.you'),
                  role: 'field',
                  at: '10:22',
                  text: t('call.answer'),
                  own: true,
                },
              ]}
              unsent={[unsent]}
              words={{
                sending: words.name('chat.sending'),
                notSent: words.name('chat.not_sent'),
                again: words.name('chat.again'),
              }}
              onAgain={() => {}}
            />
          </div>
          <ChatComposer label={words.name('chat.write')} send={words.name('chat.send')} onSend={() => {}} />
        </div>
        <KeyList
          keys={[
            ['M', words.name('help.microphone')],
            ['V', words.name('help.camera')],
          ]}
        />
      </div>
    </Specimen>
  );
}
