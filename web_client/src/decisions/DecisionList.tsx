/** Decisions in a list: number, what, who, how it stands. */
import { useTranslation } from 'react-i18next';
import type { DecisionBrief } from '../api';
import { dateOf, timeOf } from '../clock';
import { ChoiceRow, ChoiceRows, Tag } from '../design';
import { STATE_LOOK } from './decisions';

export function DecisionList({
  decisions,
  label,
  onOpen,
}: {
  decisions: readonly DecisionBrief[];
  label: string;
  onOpen: (id: string) => void;
}) {
  const { t, i18n } = useTranslation('decision');
  return (
    <ChoiceRows label={label}>
      {decisions.map(({ id, what, number, proposer, approver, state, at }) => (
        <ChoiceRow
          key={id}
          title={what}
          note={[
            number,
            t('by', { name: proposer.name }),
            approver ? t('approved_by', { name: approver.name }) : '',
            `${dateOf(at, i18n.language)} ${timeOf(at)}`,
          ]
            .filter(Boolean)
            .join('　')}
          tag={<Tag look={STATE_LOOK[state]}>{t(`state.${state}`)}</Tag>}
          onChoose={() => onOpen(id)}
        />
      ))}
    </ChoiceRows>
  );
}
