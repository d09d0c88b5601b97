/** Everything about a document: its versions, its cases, what is said of it; putting that right, and withdrawing it. */
import { Download, FilePlus2, FileX, PencilLine, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  Button,
  ChoiceRow,
  ChoiceRows,
  ErrorNotice,
  Facts,
  Failed,
  FileField,
  LinkButton,
  Loading,
  Notice,
  ProgressLine,
  Row,
  Section,
  Sheet,
  Stack,
  Tag,
  useToast,
  Words,
} from '../design';
import type { Library } from './address';
import { DocumentForm } from './DocumentForm';
import {
  type DocumentActs,
  type DocumentFile,
  useDocument,
  useDocumentActs,
  type Version,
} from './useLibrary';
import { DISCLOSURE_LOOK, dayOf, useReason } from './words';

export function Details({
  id,
  open,
  onClose,
  library,
}: {
  id: string | undefined;
  open: boolean;
  onClose: () => void;
  library: Library;
}) {
  const { t } = useTranslation('library');
  const document = useDocument(open ? id : undefined);
  return (
    <Sheet open={open && id !== undefined} onClose={onClose} title={t('details.title')}>
      {document.data ? (
        <Everything document={document.data} library={library} onClose={onClose} />
      ) : document.isError ? (
        <Failed title={t('preview.failed')} error={document.error} onRetry={() => void document.refetch()} />
      ) : (
        <Loading label={t('preview.reading')} />
      )}
    </Sheet>
  );
}

function Everything({
  document,
  library,
  onClose,
}: {
  document: DocumentFile;
  library: Library;
  onClose: () => void;
}) {
  const { t } = useTranslation('library');
  const acts = useDocumentActs(document.id);
  const [editing, setEditing] = useState(false);
  const { change } = acts;
  if (editing)
    return (
      <DocumentForm
        start={document}
        sending={t('edit.send')}
        busy={change.isPending}
        error={change.error}
        failed={t('edit.failed')}
        send={({ title, kind, disclosure, sensitivity, retention, tags }) =>
          change.mutate(
            { title, kind, disclosure, sensitivity, retention, tags },
            { onSuccess: () => setEditing(false) },
          )
        }
      />
    );
  return (
    <Stack gap={6}>
      <About document={document} onEdit={() => setEditing(true)} />
      <Versions document={document} acts={acts} library={library} onClose={onClose} />
      {document.cases.length > 0 && <Cases document={document} acts={acts} />}
      {document.may_change && <Withdrawing document={document} acts={acts} />}
    </Stack>
  );
}

function About({ document, onEdit }: { document: DocumentFile; onEdit: () => void }) {
  const { t } = useTranslation('library');
  return (
    <Stack gap={3}>
      <Words voice="strong" as="h3">
        {document.title}
      </Words>
      <Row>
        <Tag look={DISCLOSURE_LOOK[document.disclosure]}>{t(`disclosure.${document.disclosure}`)}</Tag>
        {document.sensitivity === 3 && <Tag look="danger">{t('sensitivity.short')}</Tag>}
      </Row>
      <Facts
        facts={(
          [
            [t('form.kind'), document.kind],
            [
              t('details.unit'),
              [...new Set([document.office, document.department])].filter(Boolean).join(t('joint')),
            ],
            [t('details.owner'), [document.owner.name, document.owner.post].filter(Boolean).join(t('joint'))],
            [t('form.retention'), document.retention],
            [t('form.tags'), document.tags.join(t('list.comma'))],
            [t('details.sourceNo'), document.source_no],
          ] as const
        ).filter(([, value]) => value)}
      />
      {document.may_change && (
        <Row>
          <Button look="second" size="small" icon={PencilLine} onClick={onEdit}>
            {t('edit.open')}
          </Button>
        </Row>
      )}
    </Stack>
  );
}

function Versions({
  document,
  acts: { addVersion, progress },
  library: { show },
  onClose,
}: {
  document: DocumentFile;
  acts: DocumentActs;
  library: Library;
  onClose: () => void;
}) {
  const { t, i18n } = useTranslation('library');
  const reason = useReason();
  const [adding, setAdding] = useState(false);
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent' });
  const state = (each: Version) =>
    each.id === document.current?.id ? (
      <Tag look="ok">{t('version.current')}</Tag>
    ) : each.state === 'reading' ? (
      <Tag look="draft">{t('version.reading')}</Tag>
    ) : each.state === 'refused' ? (
      <Tag look="danger">{t('version.refused')}</Tag>
    ) : undefined;
  const note = (each: Version) => {
    if (each.state === 'refused') return reason(each);
    const made = t('version.made', {
      date: dayOf(each.issued_on ?? each.created_at, i18n.language),
      name: each.created_by,
    });
    if (each.state === 'reading' && each.pages > 0)
      return t('version.progress', { made, done: each.read_pages, count: each.pages });
    return [made, each.pages > 0 && t('facts.pages', { count: each.pages })].filter(Boolean).join(t('joint'));
  };
  return (
    <Section title={t('version.title')}>
      <Stack gap={3}>
        <ChoiceRows label={t('version.title')}>
          {document.versions.map((each) => (
            <ChoiceRow
              key={each.id}
              title={t('version.label', { label: each.label })}
              note={note(each)}
              tag={state(each)}
              {...(each.state === 'ready' && {
                onChoose: () => {
                  show({ document: document.id, version: each.id, page: 1 });
                  onClose();
                },
              })}
            />
          ))}
        </ChoiceRows>
        <Row>
          {document.current && (
            <LinkButton
              look="plain"
              size="small"
              icon={Download}
              href={`/api/documents/versions/${encodeURIComponent(document.current.id)}/original`}
              download
            >
              {t('version.original')}
            </LinkButton>
          )}
          {document.may_change && document.withdrawn_at === null && (
            <Button look="plain" size="small" icon={FilePlus2} onClick={() => setAdding(!adding)}>
              {t('version.add')}
            </Button>
          )}
        </Row>
        {adding && (
          <FileField
            label={t('version.file')}
            hint={t('version.fileHint')}
            icon={FilePlus2}
            disabled={addVersion.isPending}
            onChange={(event) => {
              const file = event.target.files?.[0];
              if (file) addVersion.mutate({ file, label: '' }, { onSuccess: () => setAdding(false) });
            }}
          />
        )}
        {addVersion.isPending && (
          <ProgressLine label={t('version.sending')} done={progress} note={percent.format(progress ?? 0)} />
        )}
        {addVersion.error && <ErrorNotice title={t('upload.failed')} error={addVersion.error} />}
        <Words voice="note">{t('version.text')}</Words>
      </Stack>
    </Section>
  );
}

function Cases({ document, acts: { link, unlink } }: { document: DocumentFile; acts: DocumentActs }) {
  const { t } = useTranslation('library');
  const toast = useToast();
  return (
    <Section title={t('details.cases')}>
      <Stack gap={3}>
        {document.cases.map((each) => (
          <Row key={each.id} justify="between" gap={2}>
            <LinkButton look="quiet" size="small" to={`/cases/${encodeURIComponent(each.id)}`}>
              {each.number} {each.title}
            </LinkButton>
            <Button
              look="quiet"
              size="small"
              busy={unlink.isPending && unlink.variables === each.id}
              aria-label={t('details.unlinkNamed', { number: each.number })}
              onClick={() =>
                unlink.mutate(each.id, {
                  onSuccess: () =>
                    toast({
                      text: t('details.unlinked', { number: each.number }),
                      action: { label: t('undo'), onPress: () => link.mutate(each.id) },
                    }),
                })
              }
            >
              {t('details.unlink')}
            </Button>
          </Row>
        ))}
        {unlink.error && <ErrorNotice title={t('details.unlinkFailed')} error={unlink.error} />}
      </Stack>
    </Section>
  );
}

/** Out of use, never gone; and back by one press. */
function Withdrawing({ document, acts: { change } }: { document: DocumentFile; acts: DocumentActs }) {
  const { t } = useTranslation('library');
  const toast = useToast();
  const isWithdrawn = document.withdrawn_at !== null;
  const restore = () => change.mutate({ withdrawn: false });
  const withdraw = () =>
    change.mutate(
      { withdrawn: true },
      {
        onSuccess: () => toast({ text: t('withdraw.done'), action: { label: t('undo'), onPress: restore } }),
      },
    );
  return (
    <Section title={t('withdraw.title')}>
      <Stack gap={3}>
        {isWithdrawn ? (
          <Notice look="warn">{t('withdraw.isWithdrawn')}</Notice>
        ) : (
          <Words voice="note">{t('withdraw.text')}</Words>
        )}
        <Row>
          <Button
            look={isWithdrawn ? 'second' : 'danger-line'}
            size="small"
            icon={isWithdrawn ? RotateCcw : FileX}
            busy={change.isPending}
            onClick={isWithdrawn ? restore : withdraw}
          >
            {t(isWithdrawn ? 'withdraw.restore' : 'withdraw.act')}
          </Button>
        </Row>
        {change.error && <ErrorNotice title={t('withdraw.failed')} error={change.error} />}
      </Stack>
    </Section>
  );
}
