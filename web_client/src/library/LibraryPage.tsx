/**
 * The library: what was found, where it says it, and that page beside it. A search says how much there is and how long it
 * took; words that mean the same are named and can be left out. Files are added by a button or dropped on the results.
 */
import { FileUp, FolderSearch, ListFilter, Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '../api';
import {
  Announce,
  BelowDesk,
  Button,
  Card,
  DropArea,
  Empty,
  Failed,
  LibraryFrame,
  Loading,
  Notice,
  Row,
  SearchBar,
  SearchNote,
  Sheet,
  Title,
  useBeside,
  Words,
} from '../design';
import { useEvents } from '../events';
import { StaffHeader } from '../staff/StaffHeader';
import { useTitle } from '../staff/title';
import { type Library, useLibraryAddress } from './address';
import { Details } from './Details';
import { Filters } from './Filters';
import { Preview } from './Preview';
import { Results } from './Results';
import { Upload } from './Upload';
import { type Answer, useDocuments, useSettled, type Wanted } from './useLibrary';

const SETTLED_MS = 200;

export function LibraryPage({ person }: { person: Person }) {
  const { t } = useTranslation('library');
  useTitle(t('title'));
  useEvents();
  const library = useLibraryAddress();
  const { wanted, open, show } = library;
  const found = useDocuments(useSettledWords(wanted));
  const [files, setFiles] = useState<File[] | null>(library.isAdding ? [] : null);
  const [filtering, setFiltering] = useState(false);
  const [details, setDetails] = useState(false);
  const isDesk = useBeside();

  const answer = found.data?.pages[0];
  const documents = found.data?.pages.flatMap((page) => page.documents) ?? [];
  const selected = open ? documents.find((each) => each.id === open.document) : undefined;
  const filters = <Filters library={library} answer={answer} />;
  const preview = (inSheet: boolean) => (
    <Preview
      library={library}
      me={person.id}
      found={selected}
      inSheet={inSheet}
      onDetails={() => setDetails(true)}
      isSearch={wanted.q.trim() !== ''}
    />
  );

  return (
    <LibraryFrame
      header={<StaffHeader person={person} />}
      filters={filters}
      preview={isDesk && preview(false)}
    >
      <Title hidden>{t('title')}</Title>
      <DropArea hint={t('upload.drop')} onFiles={setFiles}>
        <SearchLine library={library} answer={answer} />
        <AlsoLooked library={library} answer={answer} />
        <Row justify="between">
          <BelowDesk>
            <Button look="plain" size="small" icon={ListFilter} onClick={() => setFiltering(true)}>
              {t('filters.open', { count: chosenCount(wanted) })}
            </Button>
          </BelowDesk>
          {isDesk && (
            <Words voice="note">
              {t(wanted.withdrawn ? 'list.withdrawn' : wanted.q.trim() ? 'list.byMatch' : 'list.byChange')}
            </Words>
          )}
          <Button look="second" size="small" icon={FileUp} onClick={() => setFiles([])}>
            {t('upload.open')}
          </Button>
        </Row>
        {documents.length > 0 ? (
          <>
            <Results library={library} documents={documents} />
            {found.hasNextPage && (
              <Button look="plain" busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
                {t('list.more', { count: (answer?.total ?? 0) - documents.length })}
              </Button>
            )}
          </>
        ) : (
          <Nothing found={found} library={library} onAdd={() => setFiles([])} />
        )}
      </DropArea>
      <Sheet open={filtering} onClose={() => setFiltering(false)} title={t('filters.title')}>
        {filters}
      </Sheet>
      <Sheet
        open={!isDesk && open !== null && !details}
        onClose={() => show(null)}
        title={selected?.title ?? t('preview.title')}
      >
        {!isDesk && open && preview(true)}
      </Sheet>
      <Details id={open?.document} open={details} onClose={() => setDetails(false)} library={library} />
      <Upload
        files={files}
        onClose={() => setFiles(null)}
        case_id={wanted.case}
        onAdded={(id) => show({ document: id, version: '', page: 1 })}
      />
    </LibraryFrame>
  );
}

/** The words once typing has paused; the rest at once. */
function useSettledWords(wanted: Wanted): Wanted {
  const q = useSettled(wanted.q, SETTLED_MS);
  return { ...wanted, q: wanted.q === '' ? '' : q };
}

function chosenCount(wanted: Wanted): number {
  const lists = [wanted.disclosure, wanted.kind, wanted.unit, wanted.tag];
  const flags = [wanted.audience === 'guests', wanted.older, wanted.withdrawn, wanted.case !== ''];
  return lists.reduce((count, list) => count + list.length, 0) + flags.filter(Boolean).length;
}

function SearchLine({ library: { wanted, want }, answer }: { library: Library; answer: Answer | undefined }) {
  const { t, i18n } = useTranslation('library');
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== '/' || target.matches('input, textarea, select') || event.isComposing) return;
      event.preventDefault();
      box.current?.focus();
    };
    window.addEventListener('keydown', focus);
    return () => window.removeEventListener('keydown', focus);
  }, []);
  const seconds = new Intl.NumberFormat(i18n.language, {
    maximumFractionDigits: 2,
    minimumFractionDigits: 1,
  });
  const note = answer && [
    t('list.documents', { count: answer.total }),
    ...(wanted.q.trim()
      ? [
          t('list.places', { count: answer.total_places }),
          t('list.took', { seconds: seconds.format(Math.max(10, answer.took_ms) / 1000) }),
        ]
      : []),
  ];
  return (
    <>
      <SearchBar
        ref={box}
        label={t('search.label')}
        icon={Search}
        value={wanted.q}
        maxLength={200}
        note={note?.join(t('joint'))}
        clear={t('search.clear')}
        onClear={() => {
          want({ q: '', exact: false });
          box.current?.focus();
        }}
        onChange={(event) => want({ q: event.target.value, exact: false })}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' || event.nativeEvent.isComposing) return;
          event.preventDefault();
          document.querySelector<HTMLElement>('[data-place]')?.focus();
        }}
      />
      {note && <Announce>{note.slice(0, 2).join(t('joint'))}</Announce>}
    </>
  );
}

/** Which other words were looked for, and the way back to what was typed; or that no document has all of it. */
function AlsoLooked({ library: { wanted, want }, answer }: { library: Library; answer: Answer | undefined }) {
  const { t } = useTranslation('library');
  if (!answer || !wanted.q.trim()) return null;
  const also = answer.also.flatMap((each) => each.also);
  return (
    <>
      {also.length > 0 && (
        <SearchNote
          action={
            <Button look="quiet" size="small" onClick={() => want({ exact: true })}>
              {t('also.exact', { words: wanted.q.trim() })}
            </Button>
          }
        >
          {t('also.label')} <b>{also.slice(0, 6).join(t('list.comma'))}</b>
        </SearchNote>
      )}
      {wanted.exact && (
        <SearchNote
          action={
            <Button look="quiet" size="small" onClick={() => want({ exact: false })}>
              {t('also.again')}
            </Button>
          }
        >
          {t('also.onlyExact', { words: wanted.q.trim() })}
        </SearchNote>
      )}
      {answer.missing_terms > 0 && answer.total > 0 && <Notice look="warn">{t('list.partial')}</Notice>}
    </>
  );
}

function Nothing({
  found,
  library: { wanted, want },
  onAdd,
}: {
  found: ReturnType<typeof useDocuments>;
  library: Library;
  onAdd: () => void;
}) {
  const { t } = useTranslation('library');
  const narrowed = chosenCount(wanted) > 0;
  if (found.isError && !found.data)
    return (
      <Card pad={false}>
        <Failed title={t('list.failed')} error={found.error} onRetry={() => void found.refetch()} />
      </Card>
    );
  if (!found.data)
    return (
      <Card pad={false}>
        <Loading label={t('list.reading')} lines={4} />
      </Card>
    );
  const looked = wanted.q.trim() !== '';
  return (
    <Card pad={false}>
      <Empty
        icon={FolderSearch}
        title={t(looked || narrowed ? 'list.nothing' : 'list.empty')}
        actions={
          looked || narrowed ? (
            narrowed && (
              <Button
                look="second"
                onClick={() =>
                  want({
                    disclosure: [],
                    kind: [],
                    unit: [],
                    tag: [],
                    case: '',
                    audience: 'staff',
                    older: false,
                    withdrawn: false,
                  })
                }
              >
                {t('filters.reset')}
              </Button>
            )
          ) : (
            <Button icon={FileUp} onClick={onAdd}>
              {t('upload.open')}
            </Button>
          )
        }
      >
        <p>{t(looked ? 'list.nothingText' : narrowed ? 'list.narrowText' : 'list.emptyText')}</p>
      </Empty>
    </Card>
  );
}
