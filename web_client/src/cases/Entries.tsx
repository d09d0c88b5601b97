/** The lines of a case's timeline in words: what happened, who did it, how it ended. */
import {
  BookOpenText,
  Camera,
  CircleCheckBig,
  CircleHelp,
  FilePlus2,
  FileText,
  FolderInput,
  Link2,
  Link2Off,
  type LucideIcon,
  MessageSquareMore,
  NotebookPen,
  PencilLine,
  Phone,
  RotateCcw,
  Share2,
  Stamp,
  TicketCheck,
  Undo2,
  UserRoundPlus,
} from 'lucide-react';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseEntry } from '../api';
import { dateOf, lasted, timeOf, useClock } from '../clock';
import { Empty, Said, Tag, Timeline, TimelineRow, Words } from '../design';
import { useTopicLabel, useTopics } from '../staff/topics';

const CaseStill = lazy(async () => ({ default: (await import('../stills/CaseStill')).CaseStill }));

const ICONS: Record<CaseEntry['kind'], LucideIcon> = {
  opened: FilePlus2,
  changed: PencilLine,
  closed: CircleCheckBig,
  reopened: RotateCcw,
  comment: MessageSquareMore,
  call_linked: Link2,
  call_unlinked: Link2Off,
  shared: Share2,
  share_ended: Share2,
  doc_linked: FileText,
  doc_unlinked: FileText,
  restored: FolderInput,
  call: Phone,
  note: NotebookPen,
  still: Camera,
  decision: Stamp,
  consultation: TicketCheck,
  invitation: UserRoundPlus,
  service: BookOpenText,
  withdrawn: Undo2,
};

/** Which lines a filter leaves. */
export const FILTERS = {
  all: null,
  calls: ['call', 'consultation', 'note', 'still', 'invitation', 'service', 'withdrawn'],
  stills: ['still'],
  decisions: ['decision'],
  comments: ['comment', 'closed'],
  changes: [
    'opened',
    'changed',
    'closed',
    'reopened',
    'call_linked',
    'call_unlinked',
    'shared',
    'share_ended',
    'doc_linked',
    'doc_unlinked',
    'restored',
  ],
} as const satisfies Record<string, readonly CaseEntry['kind'][] | null>;
export type Filter = keyof typeof FILTERS;

export function Entries({
  caseId,
  entries,
  filter,
  actionFor,
}: {
  caseId: string;
  entries: readonly CaseEntry[];
  filter: Filter;
  actionFor?: (entry: CaseEntry) => ReactNode;
}) {
  const { t, i18n } = useTranslation('cases');
  const now = useClock(10_000);
  const today = dateOf(now, i18n.language);
  const wanted: readonly string[] | null = FILTERS[filter];
  const shown = entries.filter((entry) => wanted === null || wanted.includes(entry.kind));
  const titleOf = useEntryTitle(now);
  if (shown.length === 0) return <Empty icon={CircleHelp} title={t('timeline.nothing')} />;
  return (
    <Timeline label={t('timeline.title')}>
      {shown.map((entry) => {
        const day = dateOf(entry.at, i18n.language);
        return (
          <TimelineRow
            key={entry.id}
            date={day === today ? t('today') : day}
            time={timeOf(entry.at)}
            icon={ICONS[entry.kind]}
            title={titleOf(entry)}
            boxed={entry.shared}
            tag={entry.shared && <Tag look="info">{t('sharing.shared')}</Tag>}
            action={actionFor?.(entry)}
          >
            <More entry={entry} />
            {entry.still_id && (
              <Suspense>
                <CaseStill id={entry.still_id} caseId={caseId} />
              </Suspense>
            )}
          </TimelineRow>
        );
      })}
    </Timeline>
  );
}

function useEntryTitle(now: number): (entry: CaseEntry) => string {
  const { t } = useTranslation('cases');
  const { data: topics } = useTopics();
  const label = useTopicLabel();
  return (entry) => {
    switch (entry.kind) {
      case 'call':
        return entry.until
          ? t('entry.call', { number: entry.text, time: lasted(entry.at, entry.until) })
          : t('entry.callOpen', { number: entry.text, time: lasted(entry.at, now) });
      case 'consultation': {
        const topic = topics?.find((each) => each.key === entry.text);
        const about = topic ? label(topic) : t('entry.superior');
        return t(`entry.consultation.${entry.state}`, { about, name: entry.people[0] ?? '' });
      }
      case 'decision':
        return t(`entry.decision.${entry.state}`);
      case 'service':
        return t(`entry.service.${entry.state}`, { title: entry.text });
      case 'note':
        return t(`entry.note.${entry.state}`);
      case 'withdrawn': {
        const what = entry.text
          .split(',')
          .map((purpose) => t(`purpose.${purpose}`))
          .join(t('entry.withdrawn.and'));
        return t(`entry.withdrawn.${entry.state}`, { what });
      }
      case 'invitation':
        return t(`entry.invitation.${entry.state}`, { name: entry.text });
      case 'call_linked':
      case 'call_unlinked':
      case 'restored':
        return t(`entry.${entry.kind}`, { number: entry.text });
      case 'shared':
      case 'share_ended':
      case 'doc_linked':
      case 'doc_unlinked':
        return t(`entry.${entry.kind}`, { name: entry.text });
      default:
        return t(`entry.${entry.kind}`);
    }
  };
}

function More({ entry }: { entry: CaseEntry }) {
  const { t } = useTranslation('cases');
  const change = useChangeWords();
  return (
    <>
      {entry.text && ['comment', 'closed', 'decision'].includes(entry.kind) && <Said>{entry.text}</Said>}
      {entry.changes.map((each) => (
        <Words key={each.field}>{change(each)}</Words>
      ))}
      {entry.kind === 'call' ? (
        <p>
          {[
            entry.people.join(t('nameJoint')),
            entry.messages > 0 ? t('entry.messages', { count: entry.messages }) : '',
          ]
            .filter(Boolean)
            .join(t('joint'))}
        </p>
      ) : (
        entry.actor && <p>{entry.actor}</p>
      )}
    </>
  );
}

/** One changed field: what it was and what it is. */
function useChangeWords(): (change: CaseEntry['changes'][number]) => string {
  const { t } = useTranslation('cases');
  const { data: topics } = useTopics();
  const label = useTopicLabel();
  const value = (field: string, written: string) => {
    if (written === '') return t('change.nothing');
    if (field === 'status' || field === 'kind' || field === 'sensitivity') return t(`${field}.${written}`);
    if (field === 'topic') {
      const topic = topics?.find((each) => each.key === written);
      return topic ? label(topic) : written;
    }
    return written;
  };
  return ({ field, before, after }) =>
    t('change.line', {
      field: t(`change.${field}`),
      before: value(field, before),
      after: value(field, after),
    });
}
