/** What cases are shown with: a row, the timeline with a line that others see, a place without a map. */
import { MessageSquareMore, Phone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { CallList } from '../CallRow';
import { PinPlate } from '../PinPlate';
import { Tag } from '../Tag';
import { TextArea } from '../TextArea';
import { CaseRow, Said, Timeline, TimelineRow } from '../Timeline';
import { Specimen } from './Specimen';

export function CaseParts() {
  const { t } = useTranslation('design');
  return (
    <Specimen title={t('cases.title')} wide={12}>
      <div className="grid items-start gap-6 desk:grid-cols-3">
        <Timeline label={t('cases.timeline')}>
          <TimelineRow
            date={t('cases.day')}
            time="10:27"
            icon={MessageSquareMore}
            title={t('cases.comment')}
            tag={<Tag look="info">{t('cases.shared')}</Tag>}
            boxed
          >
            <Said>{t('cases.said')}</Said>
          </TimelineRow>
          <TimelineRow date={t('cases.day')} time="10:11" icon={Phone} title={t('cases.call')}>
            {t('people.name')}
          </TimelineRow>
        </Timeline>
        <CallList label={t('cases.list')}>
          <CaseRow
            to="/design"
            number="R8-道路維持課-0142"
            title={t('inputs.caseValue')}
            lines={[t('tables.placeValue')]}
            note="10:27"
            tag={<Tag look="warn">{t('cases.watching')}</Tag>}
          />
        </CallList>
        <div className="grid gap-4">
          <PinPlate name={t('cases.noMap')} address={t('tables.placeValue')} position="33.48100, 136.64700" />
          <TextArea label={t('cases.write')} />
        </div>
      </div>
    </Specimen>
  );
}
