/** What was found: each document with the places where it says it. */
import { FileClock, FileX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { HitCard, HitList, Marked, StatusLine, Tag } from '../design';
import type { Library } from './address';
import type { Found } from './useLibrary';
import { DISCLOSURE_LOOK, useFacts, useReason } from './words';

export function Results({
  library: { open, show },
  documents,
}: {
  library: Library;
  documents: readonly Found[];
}) {
  const { t } = useTranslation('library');
  const facts = useFacts();
  const place = useReading();
  return (
    <HitList label={t('list.title')}>
      {documents.map((each) => {
        const isOpen = open?.document === each.id;
        const current = each.version;
        return (
          <HitCard
            key={each.id}
            title={<Marked text={each.title} marks={each.title_marks} />}
            tag={<Tag look={DISCLOSURE_LOOK[each.disclosure]}>{t(`disclosure.${each.disclosure}`)}</Tag>}
            facts={facts(each)}
            note={place(each)}
            selected={isOpen}
            onOpen={() => {
              const first = each.snippets[0];
              show({ document: each.id, version: first?.version_id ?? '', page: first?.page ?? 1 });
            }}
            places={each.snippets.map((hit) => ({
              key: `${hit.version_id}:${hit.page}`,
              page: t(hit.version_id === current?.id ? 'page.number' : 'page.older', {
                page: hit.page,
                label: hit.label,
              }),
              words: <Marked text={hit.text} marks={hit.marks} />,
              current: isOpen && open.page === hit.page && (open.version || current?.id) === hit.version_id,
              onOpen: () => show({ document: each.id, version: hit.version_id, page: hit.page }),
            }))}
            more={
              each.places.length > each.snippets.length
                ? t('list.morePlaces', { count: each.places.length - each.snippets.length })
                : undefined
            }
          />
        );
      })}
    </HitList>
  );
}

/** That a version is still being read, or why it was refused. */
function useReading() {
  const { t } = useTranslation('library');
  const reason = useReason();
  return ({ pending, withdrawn_at }: Found) => {
    if (withdrawn_at)
      return (
        <StatusLine icon={FileX} look="warn">
          {t('state.withdrawn')}
        </StatusLine>
      );
    if (!pending) return null;
    return pending.state === 'refused' ? (
      <StatusLine icon={FileX} look="danger">
        {t('state.refused')} {reason({ reason: pending.reason as never })}
      </StatusLine>
    ) : (
      <StatusLine icon={FileClock} look="plain">
        {t('state.reading')}
      </StatusLine>
    );
  };
}
