/**
 * A new document: its file, by a button or dropped, and what is said of it. The title is the file's name until somebody
 * writes a better one. How much was sent is shown; what was typed stays when sending fails, and goes on from there.
 */
import { FileUp } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FileField, Notice, ProgressLine, Sheet, Stack, useToast, Words } from '../design';
import { DocumentForm, NEW } from './DocumentForm';
import { NotSent, useAddDocument } from './useLibrary';

const TAKEN = '.pdf,.png,.jpg,.jpeg,.webp,.tif,.tiff,.docx,.xlsx,.pptx';

export function Upload({
  files,
  case_id,
  onClose,
  onAdded,
}: {
  /** What was dropped, perhaps nothing; null while nothing is added. */
  files: File[] | null;
  /** It belongs to this case from the start. */
  case_id: string;
  onClose: () => void;
  onAdded: (document_id: string) => void;
}) {
  const { t } = useTranslation('library');
  return (
    <Sheet open={files !== null} onClose={onClose} title={t('upload.title')}>
      {files && <Adding dropped={files} case_id={case_id} onClose={onClose} onAdded={onAdded} />}
    </Sheet>
  );
}

function Adding({
  dropped,
  case_id,
  onClose,
  onAdded,
}: {
  dropped: File[];
  case_id: string;
  onClose: () => void;
  onAdded: (document_id: string) => void;
}) {
  const { t, i18n } = useTranslation('library');
  const toast = useToast();
  const { add, progress } = useAddDocument();
  const [queue, setQueue] = useState(dropped);
  const [missing, setMissing] = useState(false);
  const file = queue[0];
  const failure = add.error instanceof NotSent ? add.error : null;
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent' });
  return (
    <Stack gap={4}>
      <Words voice="note">{t('upload.text')}</Words>
      {case_id && <Notice>{t('upload.toCase')}</Notice>}
      {queue.length > 1 && <Notice>{t('upload.several', { count: queue.length - 1 })}</Notice>}
      <DocumentForm
        key={file ? `${file.name}:${queue.length}` : 'none'}
        start={{ ...NEW, title: file ? titleOf(file.name) : '' }}
        sending={t(failure ? 'upload.again' : 'upload.send')}
        busy={add.isPending}
        error={failure ? failure.cause : add.error}
        failed={t('upload.failed')}
        send={(said) => {
          setMissing(!file);
          if (!file) return;
          add.mutate(
            { ...said, file, begun: failure?.document_id, ...(case_id && { case_id }) },
            {
              onSuccess: (after) => {
                toast({ text: t('upload.done', { title: after.title }) });
                onAdded(after.id);
                if (queue.length > 1) setQueue(queue.slice(1));
                else onClose();
              },
            },
          );
        }}
      >
        {file ? (
          <ProgressLine
            label={file.name}
            done={progress ?? 0}
            note={progress === null ? sizeOf(file.size, i18n.language) : percent.format(progress)}
          />
        ) : (
          <>
            <FileField
              label={t('upload.file')}
              hint={t('upload.types')}
              icon={FileUp}
              accept={TAKEN}
              multiple
              onChange={(event) => setQueue([...(event.target.files ?? [])])}
            />
            {missing && (
              <Notice look="danger" live>
                {t('upload.fileMissing')}
              </Notice>
            )}
          </>
        )}
      </DocumentForm>
    </Stack>
  );
}

/** The name of a file as a title: without its ending, and readable. */
export function titleOf(name: string): string {
  return name
    .normalize('NFC')
    .replace(/\.[^.]{1,5}$/, '')
    .replace(/[_\s]+/g, ' ')
    .trim()
    .slice(0, 160);
}

function sizeOf(bytes: number, language: string): string {
  const unit = bytes < 1_000_000 ? 'kilobyte' : 'megabyte';
  const value = bytes / (unit === 'kilobyte' ? 1_000 : 1_000_000);
  return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits: 1 }).format(value);
}
