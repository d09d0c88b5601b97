/** A page of a document, the places where it says it one after the other, and what to do with it. */
import { useMutation } from '@tanstack/react-query';
import {
  BookOpen,
  ChevronDown,
  ChevronLeft,
  ChevronRight,
  ChevronUp,
  FileText,
  FolderPlus,
  MonitorUp,
  Video,
  ZoomIn,
  ZoomOut,
} from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Call, post } from '../api';
import {
  Button,
  Empty,
  ErrorNotice,
  Failed,
  IconButton,
  LinkButton,
  Loading,
  PagePaper,
  PagePreview,
  Row,
  StatusLine,
  Tag,
  useToast,
  Words,
} from '../design';
import { useCalls } from '../staff/calls';
import { Attach } from './Attach';
import type { Library } from './address';
import { type DocumentFile, type Found, useDocument } from './useLibrary';
import { DISCLOSURE_LOOK, useReason } from './words';

interface PreviewProps {
  library: Library;
  /** The document among the results, with its places; undefined where it is not among them. */
  found: Found | undefined;
  inSheet: boolean;
  isSearch: boolean;
  /** Whose calls count. */
  me: string;
  onDetails: () => void;
}

export function Preview(props: PreviewProps) {
  const { t } = useTranslation('library');
  const { open } = props.library;
  const document = useDocument(open?.document);
  if (!open)
    return (
      <Empty icon={FileText} title={t('preview.empty')}>
        <p>{t('preview.emptyText')}</p>
      </Empty>
    );
  if (document.isError)
    return (
      <Failed title={t('preview.failed')} error={document.error} onRetry={() => void document.refetch()} />
    );
  if (!document.data) return <Loading label={t('preview.reading')} />;
  return <Shown key={open.document} {...props} document={document.data} />;
}

function Shown({
  library: { open, show, call },
  found,
  inSheet,
  isSearch,
  me,
  onDetails,
  document,
}: PreviewProps & { document: DocumentFile }) {
  const { t } = useTranslation('library');
  const [attaching, setAttaching] = useState(false);
  const [large, setLarge] = useState(false);
  const reason = useReason();
  const version =
    document.versions.find((each) => each.id === open?.version && each.state === 'ready') ?? document.current;
  const page = Math.min(open?.page ?? 1, version?.pages ?? 1);
  const places = found && isSearch ? found.places : [];
  const go = (to: number, of = version?.id ?? '') => show({ document: document.id, version: of, page: to });
  const at = places.findIndex((each) => each.version_id === version?.id && each.page === page);
  const step = (by: 1 | -1) => {
    const next = at >= 0 ? places[at + by] : by > 0 ? places[0] : places.at(-1);
    if (next) go(next.page, next.version_id);
  };
  const refused = document.versions[0]?.state === 'refused' ? document.versions[0] : undefined;
  return (
    <PagePreview
      inSheet={inSheet}
      heading={
        <Row justify="between" gap={2} align="start">
          {!inSheet && (
            <Words voice="strong" as="h2">
              {document.title}
            </Words>
          )}
          <Tag look={DISCLOSURE_LOOK[document.disclosure]}>{t(`disclosure.${document.disclosure}`)}</Tag>
        </Row>
      }
      steppers={
        version && (
          <>
            <Row gap={1}>
              <IconButton
                icon={ChevronLeft}
                label={t('page.previous')}
                disabled={page <= 1}
                onClick={() => go(page - 1)}
              />
              <span>{t('page.of', { page, count: version.pages })}</span>
              <IconButton
                icon={ChevronRight}
                label={t('page.next')}
                disabled={page >= version.pages}
                onClick={() => go(page + 1)}
              />
              <IconButton
                icon={large ? ZoomOut : ZoomIn}
                label={t(large ? 'page.smaller' : 'page.larger')}
                aria-pressed={large}
                onClick={() => setLarge(!large)}
              />
            </Row>
            {places.length > 0 && (
              <Row gap={1}>
                <span>
                  {at >= 0
                    ? t('page.place', { at: at + 1, count: places.length })
                    : t('page.places', { count: places.length })}
                </span>
                <IconButton icon={ChevronUp} label={t('page.previousPlace')} onClick={() => step(-1)} />
                <IconButton icon={ChevronDown} label={t('page.nextPlace')} onClick={() => step(1)} />
              </Row>
            )}
          </>
        )
      }
      actions={
        <>
          <Row gap={2}>
            {version && (
              <OpenInCall
                key={`${version.id}:${page}`}
                document={document}
                version_id={version.id}
                page={page}
                call={call}
                me={me}
              />
            )}
            {document.withdrawn_at === null && (
              <Button look="second" size="small" icon={FolderPlus} onClick={() => setAttaching(true)}>
                {t('attach.open')}
              </Button>
            )}
            <Button look="plain" size="small" icon={BookOpen} onClick={onDetails}>
              {t('details.open')}
            </Button>
          </Row>
          <Attach document={document} open={attaching} onClose={() => setAttaching(false)} />
        </>
      }
    >
      {version ? (
        <PagePaper
          src={`/api/documents/versions/${encodeURIComponent(version.id)}/pages/${page}?width=${large ? 1920 : 1280}`}
          large={large}
          alt={t('page.alt', { page, title: document.title, text: wordsOf(found, version.id, page) })}
          failed={<Failed title={t('page.failed')}>{t('page.failedText')}</Failed>}
        />
      ) : (
        <Empty icon={FileText} title={t(refused ? 'state.refused' : 'state.reading')}>
          <p>{refused ? reason(refused) : t('state.readingText')}</p>
        </Empty>
      )}
    </PagePreview>
  );
}

/** The words that were found there, for whoever hears the page. */
function wordsOf(found: Found | undefined, version_id: string, page: number): string {
  const there = found?.snippets.find((each) => each.version_id === version_id && each.page === page);
  return there?.text ?? '';
}

/** Into the call one came from, or the one that is open; what is for staff only says that it cannot go to residents. */
function OpenInCall({
  document,
  version_id,
  page,
  call,
  me,
}: {
  document: DocumentFile;
  version_id: string;
  page: number;
  call: string;
  me: string;
}) {
  const { t } = useTranslation('library');
  const calls = useCalls();
  const toast = useToast();
  const show = useMutation({
    mutationFn: (call_id: string) =>
      post('/calls/{call_id}/view/present', {
        path: { call_id },
        body: { surface: `page:${version_id}:${page}` },
      }),
  });
  const isMine = ({ host, members }: Call) => host.id === me || members.some((each) => each.person.id === me);
  const open = calls.data?.calls.filter((each) => each.state === 'open' && isMine(each)) ?? [];
  const target = open.find((each) => each.id === call) ?? open[0];
  if (!target || document.withdrawn_at !== null) return null;
  return (
    <>
      {show.isSuccess ? (
        <LinkButton size="small" icon={Video} to={`/calls/${encodeURIComponent(target.id)}`}>
          {t('call.enter')}
        </LinkButton>
      ) : (
        <Button
          size="small"
          icon={MonitorUp}
          busy={show.isPending}
          onClick={() => show.mutate(target.id, { onSuccess: () => toast({ text: t('call.shown') }) })}
        >
          {t('call.open')}
        </Button>
      )}
      {show.error && <ErrorNotice title={t('call.failed')} error={show.error} />}
      {document.disclosure === 'staff' && (
        <StatusLine icon={FileText} look="plain">
          {t('call.staffOnly')}
        </StatusLine>
      )}
    </>
  );
}
