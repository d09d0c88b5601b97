/** What was done to a decision, the last step first. */
import {
  ArrowLeftRight,
  CheckCheck,
  CircleCheckBig,
  CircleSlash2,
  FilePenLine,
  type LucideIcon,
  Mic,
  Minus,
  Send,
  ThumbsDown,
  ThumbsUp,
  Timer,
  Undo2,
  UserCheck,
  UserX,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Decision } from '../api';
import { dateOf, timeOf } from '../clock';
import { Said, Timeline, TimelineRow } from '../design';

type Entry = Decision['people'][number];

const ICONS: Record<Entry['act'], LucideIcon> = {
  propose: FilePenLine,
  hand_in: Send,
  withdraw: Undo2,
  approve: CircleCheckBig,
  stand_in: UserCheck,
  return: Undo2,
  cancel: CircleSlash2,
  note_oral: Mic,
  agree: ThumbsUp,
  object: ThumbsDown,
  abstain: Minus,
  recuse: ArrowLeftRight,
  uninvite: UserX,
  close: Timer,
};

export function Steps({ people }: { people: readonly Entry[] }) {
  const { t, i18n } = useTranslation('decision');
  return (
    <Timeline label={t('steps')}>
      {people.map((entry) => (
        <TimelineRow
          key={`${entry.at} ${entry.act} ${entry.id}`}
          date={dateOf(entry.at, i18n.language)}
          time={timeOf(entry.at)}
          icon={ICONS[entry.act] ?? CheckCheck}
          title={t(`act.${entry.act}`, {
            name: entry.name,
            post: entry.post,
            stead: entry.stead?.name ?? '',
          })}
        >
          {entry.by_mail && t('by_mail')}
          {entry.words && <Said>{entry.words}</Said>}
        </TimelineRow>
      ))}
    </Timeline>
  );
}
