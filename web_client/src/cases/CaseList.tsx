/** Cases as rows. */
import { useTranslation } from 'react-i18next';
import type { CaseBrief } from '../api';
import { useClock } from '../clock';
import { CallList, CaseRow, Tag } from '../design';
import { STATUS_LOOK, when } from './caseWords';

type Listed = Pick<CaseBrief, 'id' | 'number' | 'title' | 'place' | 'status' | 'department' | 'office'> &
  Partial<Pick<CaseBrief, 'owner' | 'updated_at'>>;

export function CaseList({
  cases,
  label,
  at = '/cases',
}: {
  cases: readonly Listed[];
  label: string;
  /** Where the page of a case is. */
  at?: string;
}) {
  const { t, i18n } = useTranslation('cases');
  const now = useClock(60_000);
  return (
    <CallList label={label}>
      {cases.map((each) => (
        <CaseRow
          key={each.id}
          to={`${at}/${encodeURIComponent(each.id)}`}
          number={each.number}
          title={each.title}
          lines={[
            each.place,
            [each.owner?.name, each.department || each.office].filter(Boolean).join(t('joint')),
          ].filter(Boolean)}
          note={each.updated_at && t('list.changed', { when: when(each.updated_at, now, i18n.language) })}
          tag={<Tag look={STATUS_LOOK[each.status]}>{t(`status.${each.status}`)}</Tag>}
        />
      ))}
    </CallList>
  );
}
