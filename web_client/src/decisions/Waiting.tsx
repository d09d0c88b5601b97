/** What waits for this person: to approve, to vote on, to confirm, to put right; and what nobody confirmed in time. */
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { dateOf, timeOf } from '../clock';
import { Count, DecisionRow, DecisionRows, Section, Tag } from '../design';
import { useWaiting, WHY_LOOK } from './decisions';

export function Waiting() {
  const { t, i18n } = useTranslation('decision');
  const navigate = useNavigate();
  const { data } = useWaiting();
  if (!data || data.length === 0) return null;
  const count = data.length;
  return (
    <Section title={t('waiting.title')} count={<Count value={count} label={t('waiting.count', { count })} />}>
      <DecisionRows label={t('waiting.title')}>
        {data.map(({ why, decision }) => (
          <DecisionRow
            key={decision.id}
            tag={<Tag look={WHY_LOOK[why]}>{t(`why.${why}`)}</Tag>}
            number={decision.number}
            what={decision.what}
            lines={[
              decision.case_title,
              `${t('by', { name: decision.proposer.name })}　${dateOf(decision.at, i18n.language)} ${timeOf(decision.at)}`,
            ].filter(Boolean)}
            onOpen={() => void navigate(`/decisions/${encodeURIComponent(decision.id)}`)}
          />
        ))}
      </DecisionRows>
    </Section>
  );
}
