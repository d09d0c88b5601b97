/** Puts a document into a case: those of the person, to search; taken back by the note that says it is done. */
import { FolderSearch, Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCases } from '../cases/useCases';
import {
  Card,
  ChoiceRow,
  ChoiceRows,
  Empty,
  ErrorNotice,
  Failed,
  Loading,
  SearchField,
  Sheet,
  Stack,
  Tag,
  useToast,
} from '../design';
import { type DocumentFile, useDocumentActs, useSettled } from './useLibrary';

export function Attach({
  document,
  open,
  onClose,
}: {
  document: DocumentFile;
  open: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation('library');
  return (
    <Sheet open={open} onClose={onClose} title={t('attach.title')}>
      <Choose document={document} onDone={onClose} />
    </Sheet>
  );
}

function Choose({ document, onDone }: { document: DocumentFile; onDone: () => void }) {
  const { t } = useTranslation('library');
  const [q, setQ] = useState('');
  const cases = useCases({ q: useSettled(q, 200), status: 'open', mine: false });
  const { link, unlink } = useDocumentActs(document.id);
  const toast = useToast();
  const linked = new Set(document.cases.map((each) => each.id));
  const attach = (case_id: string, number: string) =>
    link.mutate(case_id, {
      onSuccess: () => {
        toast({
          text: t('attach.done', { number }),
          action: { label: t('undo'), onPress: () => unlink.mutate(case_id) },
        });
        onDone();
      },
    });
  const found = cases.data?.cases ?? [];
  return (
    <Stack gap={4}>
      <SearchField
        label={t('attach.search')}
        icon={Search}
        value={q}
        onChange={(event) => setQ(event.target.value)}
      />
      {link.error && <ErrorNotice title={t('attach.failed')} error={link.error} />}
      {found.length > 0 ? (
        <ChoiceRows label={t('attach.title')}>
          {found.map((each) => (
            <ChoiceRow
              key={each.id}
              title={each.title}
              note={each.number}
              {...(linked.has(each.id)
                ? { tag: <Tag look="ok">{t('attach.linked')}</Tag> }
                : { onChoose: () => attach(each.id, each.number), busy: link.isPending })}
            />
          ))}
        </ChoiceRows>
      ) : (
        <Card pad={false}>
          {cases.isPending && <Loading label={t('attach.reading')} />}
          {cases.isError && !cases.data && (
            <Failed
              title={t('attach.casesFailed')}
              error={cases.error}
              onRetry={() => void cases.refetch()}
            />
          )}
          {cases.data && <Empty icon={FolderSearch} title={t('attach.nothing')} />}
        </Card>
      )}
    </Stack>
  );
}
