/** 見せる: in the tools of a call, what is presented or can be, and the way between it and the pictures. */
import { useQuery } from '@tanstack/react-query';
import { ClipboardPen, FileText, MonitorX, Presentation } from 'lucide-react';
import { useDeferredValue, useState, useSyncExternalStore } from 'react';
import { type FoundDocument, get } from '../api';
import {
  Button,
  DocumentChoice,
  ErrorNotice,
  Failed,
  Loading,
  PanelSubhead,
  Sheet,
  Stack,
  Tag,
  TextField,
  ToolButton,
} from '../design';
import { useWords, type Words } from '../words';
import { subjectOf } from './together';
import type { View } from './View';

export function ViewTools({ view }: { view: View | null }) {
  const words = useWords('view');
  const [isOpen, setOpen] = useState(false);
  if (view === null) return null;
  return (
    <>
      <ToolButton icon={Presentation} label={words.name('show.tool')} onClick={() => setOpen(true)} />
      <Sheet open={isOpen} onClose={() => setOpen(false)} title={words.name('show.title')}>
        <Choice view={view} onClose={() => setOpen(false)} />
      </Sheet>
    </>
  );
}

function Choice({ view, onClose }: { view: View; onClose: () => void }) {
  const words = useWords('view');
  const { shown, before } = useSyncExternalStore(view.together.subscribe, view.together.get);
  const [busy, setBusy] = useState('');
  const [error, setError] = useState<unknown>(null);
  const act = (what: string, run: () => Promise<void>) => () => {
    setBusy(what);
    setError(null);
    run()
      .then(onClose, setError)
      .finally(() => setBusy(''));
  };
  const again = before.filter(
    (each) => shown === null || subjectOf(each.surface) !== subjectOf(shown.surface),
  );
  return (
    <Stack>
      {error !== null && <ErrorNotice title={words.name('show.failed')} error={error} />}
      {shown && (
        <>
          <Button
            block
            icon={Presentation}
            onClick={() => {
              view.follow();
              onClose();
            }}
          >
            {words.name('show.back')}
          </Button>
          <Button
            block
            look="plain"
            icon={MonitorX}
            busy={busy === 'stop'}
            onClick={act('stop', view.takeAway)}
          >
            {words.name('show.stop')}
          </Button>
        </>
      )}
      <Button
        block
        look="second"
        icon={ClipboardPen}
        busy={busy === 'board'}
        onClick={act('board', view.presentBoard)}
      >
        {words.name('show.board')}
      </Button>
      {again.length > 0 && <PanelSubhead>{words.name('show.before')}</PanelSubhead>}
      {again.map((each) => (
        <Button
          key={each.surface}
          block
          look="plain"
          icon={FileText}
          busy={busy === each.surface}
          onClick={act(each.surface, () => view.present(each.surface))}
        >
          {each.document?.title ??
            words.name(each.pages > 0 ? 'show.board_before' : 'show.still_before', {
              name: each.presenter_name,
              pages: each.pages,
            })}
        </Button>
      ))}
      <Documents words={words} busy={busy} onChoose={(key) => act(key, () => view.present(key))()} />
    </Stack>
  );
}

/** The library, searched as one types; a page that says it is presented at once. */
function Documents({
  words,
  busy,
  onChoose,
}: {
  words: Words;
  busy: string;
  onChoose: (surface: string) => void;
}) {
  const [typed, setTyped] = useState('');
  const q = useDeferredValue(typed.trim());
  const { data, error, refetch } = useQuery({
    queryKey: ['documents', 'present', q],
    queryFn: () => get('/documents', { query: { q } }),
    placeholderData: (before) => before,
  });
  return (
    <>
      <PanelSubhead>{words.name('show.documents')}</PanelSubhead>
      <TextField
        label={words.name('show.search')}
        type="search"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {error !== null && (
        <Failed title={words.name('show.unread')} error={error} onRetry={() => void refetch()} />
      )}
      {data === undefined && error === null && <Loading label={words.name('show.search')} />}
      {data?.documents.length === 0 && <p>{words.name(q ? 'show.none_found' : 'show.none')}</p>}
      {data?.documents.map((found) => (
        <Found key={found.id} found={found} words={words} busy={busy} onChoose={onChoose} />
      ))}
    </>
  );
}

function Found({
  found,
  words,
  busy,
  onChoose,
}: {
  found: FoundDocument;
  words: Words;
  busy: string;
  onChoose: (surface: string) => void;
}) {
  const { version, disclosure, places } = found;
  if (version === null || version.state !== 'ready') return null;
  const place = places.find(({ version_id }) => version_id === version.id);
  const key = `page:${version.id}:${place?.page ?? 1}`;
  const isForStaff = disclosure === 'staff' || found.sensitivity > 2;
  return (
    <DocumentChoice
      title={found.title}
      facts={[
        words.name('version.label', { label: version.label }),
        words.name('show.pages', { count: version.pages }),
        place ? words.name('show.says', { page: place.page }) : '',
      ]}
      tag={<Tag look={isForStaff ? 'solid' : 'plain'}>{words.name(`disclosure.${disclosure}`)}</Tag>}
      note={isForStaff ? words.name('show.staff_only') : undefined}
      action={
        <Button size="small" look="second" busy={busy === key} onClick={() => onChoose(key)}>
          {words.name(isForStaff ? 'show.to_staff' : 'show.do')}
        </Button>
      }
    />
  );
}
