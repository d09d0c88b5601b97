/** 見せる: in the tools of a call, what is presented or can be, and the way between it and the pictures. */
import { ClipboardPen, FileText, MonitorX, Presentation } from 'lucide-react';
import { useState, useSyncExternalStore } from 'react';
import { Button, ErrorNotice, PanelSubhead, Sheet, Stack, ToolButton } from '../design';
import { useWords } from '../words';
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
          {words.name(each.pages > 0 ? 'show.board_before' : 'show.still_before', {
            name: each.presenter_name,
            pages: each.pages,
          })}
        </Button>
      ))}
    </Stack>
  );
}
