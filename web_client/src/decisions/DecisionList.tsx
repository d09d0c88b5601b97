/** Decisions in a list: number, what, who, how it stands. */
import { useTranslation } from 'react-i18next';
import type { DecisionBrief } from '../api';
import { dateOf, timeOf } from '../clock';
import { DecisionRow, DecisionRows, Tag } from '../design';
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
    <DecisionRows label={label}>
      {decisions.map(({ id, what, number, proposer, approver, state, at }) => (
        <DecisionRow
          key={id}
          tag={<Tag look={STATE_LOOK[state]}>{t(`state.${state}`)}</Tag>}
          number={number}
          what={what}
          lines={[
            [
              t('by', { name: proposer.name }),
              approver ? t('approved_by', { name: approver.name }) : '',
              `${dateOf(at, i18n.language)} ${timeOf(at)}`,
            ]
              .filter(Boolean)
              .join('　'),
          ]}
          onOpen={() => onOpen(id)}
        />
      ))}
    </DecisionRows>
  );
}
