/** What the colleague who takes a call over should know, and what was agreed: before the answer and after it. */
import { useTranslation } from 'react-i18next';
import type { HandOver } from '../api';
import { Facts } from '../design';

export function HandOverNote({ handOver }: { handOver: HandOver }) {
  const { t } = useTranslation('ring');
  const said = [
    [t('note.from'), handOver.giver.name],
    [t('note.note'), handOver.note],
    [t('note.agreed'), handOver.agreed],
  ] as const;
  return <Facts facts={said.filter(([, words]) => words !== '')} />;
}
