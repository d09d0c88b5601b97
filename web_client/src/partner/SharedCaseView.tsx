/** A case as the guests of an organisation read it; staff look at the same before and after they share. */
import {
  CircleCheckBig,
  FilePlus2,
  type LucideIcon,
  MessageSquareMore,
  Phone,
  RotateCcw,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { STATUS_LOOK } from '../cases/caseWords';
import { Place } from '../cases/Place';
import { dateOf, lasted, timeOf } from '../clock';
import { Empty, Row, Said, Stack, Tag, Timeline, TimelineRow, Words } from '../design';
import type { components } from '../types';

export type SharedCase = components['schemas']['SharedCase'];

const ICONS: Record<SharedCase['timeline'][number]['kind'], LucideIcon> = {
  opened: FilePlus2,
  closed: CircleCheckBig,
  reopened: RotateCcw,
  comment: MessageSquareMore,
  call: Phone,
};

export function SharedCaseView({ shown }: { shown: SharedCase }) {
  const { t, i18n } = useTranslation(['cases', 'partner']);
  return (
    <Stack gap={6}>
      <Row>
        <Tag large look={STATUS_LOOK[shown.status]}>
          {t(`status.${shown.status}`)}
        </Tag>
        <Words voice="note">
          {[shown.office, shown.department, t(`kind.${shown.kind}`)].filter(Boolean).join(t('joint'))}
        </Words>
      </Row>
      <Place of={shown} />
      {shown.timeline.length === 0 ? (
        <Empty title={t('partner:nothingYet')}>
          <p>{t('partner:nothingYetText')}</p>
        </Empty>
      ) : (
        <Timeline label={t('timeline.title')}>
          {shown.timeline.map((entry) => (
            <TimelineRow
              key={entry.id}
              date={dateOf(entry.at, i18n.language)}
              time={timeOf(entry.at)}
              icon={ICONS[entry.kind]}
              title={
                entry.kind === 'call'
                  ? entry.until
                    ? t('partner:call', { time: lasted(entry.at, entry.until) })
                    : t('partner:callOpen')
                  : t(`entry.${entry.kind}`)
              }
            >
              {entry.text && <Said>{entry.text}</Said>}
              <p>{entry.actor}</p>
            </TimelineRow>
          ))}
        </Timeline>
      )}
    </Stack>
  );
}
