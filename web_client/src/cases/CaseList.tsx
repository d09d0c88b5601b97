/** Cases as rows. */
import { useTranslation } from 'react-i18next';
import type { CaseBrief } from '../api';
import { useClock } from '../clock';
import { CallList, CaseRow, Tag } from '../design';
import { STATUS_LOOK, when } from './caseWords';

export function CaseList({ cases, label }: { cases: readonly CaseBrief[]; label: string }) {
  const { t, i18n } = useTranslation('cases');
  const now = useClock(60_000);
  return (
    <CallList label={label}>
      {cases.map((each) => (
        <CaseRow
          key={each.id}
          to={`/cases/${encodeURIComponent(each.id)}`}
          number={each.number}
          title={each.title}
          lines={[
            each.place,
            t('list.owner', { name: each.owner.name, department: each.department || each.office }),
          ].filter(Boolean)}
          note={t('list.changed', { when: when(each.updated_at, now, i18n.language) })}
          tag={<Tag look={STATUS_LOOK[each.status]}>{t(`status.${each.status}`)}</Tag>}
        />
      ))}
    </CallList>
  );
}
