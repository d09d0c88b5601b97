/** A weak line: the ladder over the stage, figures of data, stills, and notes that wait or were left. */
import { Image, Mic, MicOff, NotebookPen, Pause } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { RUNGS } from '../../call/ladder';
import { useWords } from '../../words';
import { Button } from '../Button';
import { Figures, LadderSteps } from '../Ladder';
import { Queue, QueueRow, SoundClip } from '../Notes';
import { StageNotice } from '../Stage';
import { VideoTile } from '../VideoTile';
import { Specimen } from './Specimen';

export function WeakLineParts() {
  const { t } = useTranslation('design');
  const words = useWords('weak');
  const clip = {
    play: words.name('outbox.play'),
    pause: words.name('outbox.pause'),
    failed: words.name('outbox.play_failed'),
  };
  return (
    <Specimen title={t('call.weak')} wide={12}>
      <div className="grid gap-5 desk:grid-cols-2">
        <div className="grid content-start gap-3 bg-stage p-4">
          <StageNotice
            icon={Image}
            title={words.name('now_stills')}
            below={
              <LadderSteps
                label={words.name('steps')}
                current="stills"
                steps={RUNGS.map((key) => ({
                  key,
                  label:
                    key === 'stills'
                      ? words.name('rung.stills_every', { seconds: 5 })
                      : words.name(`rung.${key}`),
                }))}
              />
            }
          >
            {words.name('reason.weak')}
          </StageNotice>
          <StageNotice
            icon={MicOff}
            title={words.name('held')}
            action={
              <Button size="large" look="plain" icon={Mic}>
                {words.name('speak_on')}
              </Button>
            }
          >
            {words.name('held_more')}
          </StageNotice>
          <StageNotice icon={Pause} title={words.name('paused')}>
            {words.name('paused_more')}
          </StageNotice>
          <div className="grid gap-3 tablet:grid-cols-2">
            <VideoTile name={t('people.name')} role="field" state={{ kind: 'stills', age_s: 4 }} />
            <VideoTile
              name={t('people.name')}
              role="field"
              state={{ kind: 'stills', age_s: 32, isOld: true }}
            />
          </div>
        </div>
        <div className="grid content-start gap-3">
          <Figures
            items={[
              {
                label: words.name('sheet.call'),
                value: '41 MB',
                share: 0.82,
                more: words.name('sheet.cap_now', { cap: 50, percent: 82 }),
              },
              { label: words.name('sheet.month'), value: '1.3 GB' },
            ]}
          />
          <Queue label={words.name('outbox.order')}>
            <QueueRow
              place={1}
              icon={NotebookPen}
              title={words.name('outbox.kind_text')}
              more={t('call.line')}
              size="2 KB"
              state={words.name('outbox.state_sending', { percent: 40 })}
              tone="ok"
            />
            <QueueRow
              place={2}
              icon={Mic}
              title={words.name('outbox.kind_voice')}
              more="14:29"
              size="0.4 MB"
              state={words.name('outbox.state_waiting')}
            >
              <SoundClip length_s={48} load={() => Promise.reject(new Error('a specimen'))} words={clip} />
            </QueueRow>
            <QueueRow
              place={3}
              icon={NotebookPen}
              title={words.name('outbox.kind_text')}
              more="14:31"
              size="1 KB"
              state={words.name('outbox.state_refused')}
              tone="danger"
            >
              <Button look="danger-line">{words.name('outbox.throw_away')}</Button>
            </QueueRow>
          </Queue>
        </div>
      </div>
    </Specimen>
  );
}
