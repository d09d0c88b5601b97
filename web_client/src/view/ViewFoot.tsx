/** At the foot of what is presented: its pages, how near one looks, who looks, which version it is, and the way back. */
import { FilePlus2, Users, Video } from 'lucide-react';
import { useState } from 'react';
import type { Look, Shown } from '../api';
import {
  Button,
  Furigana,
  hasPanel,
  PageTurner,
  Sheet,
  SurfaceTitle,
  Tag,
  useShape,
  ZoomControl,
} from '../design';
import { useWords } from '../words';
import { usePart } from './store';
import { pageKey, pageOf } from './together';
import type { View } from './View';
import { ViewPanel } from './ViewPanel';

const ZOOMS = [1, 1.5, 2, 3, 4] as const;

export function ViewFoot({
  view,
  shown,
  surface,
  zoom,
  onZoom,
}: {
  view: View;
  shown: Shown | null;
  surface: string;
  zoom: number;
  onZoom: (zoom: number) => void;
}) {
  const words = useWords('view');
  const pages = shown?.pages ?? 1;
  const page = pageOf(surface);
  const document = shown?.document;
  return (
    <>
      {page > 0 && (
        <PageTurner
          page={page}
          pages={pages}
          before={words.name('page.before')}
          next={words.name('page.next')}
          now={words.name('page.now', { page, pages })}
          onTurn={(next) => view.turnTo(pageKey(surface, next))}
        />
      )}
      <ZoomControl
        zoom={zoom}
        steps={ZOOMS}
        onZoom={onZoom}
        smaller={words.name('zoom.smaller')}
        larger={words.name('zoom.larger')}
      />
      {!document && page > 0 && shown?.presenter === view.me.identity && (
        <AddPage view={view} surface={surface} pages={pages} />
      )}
      {view.isStaff && <WhoLooks view={view} />}
      {document && (
        <SurfaceTitle
          title={document.title}
          label={words.name('version.label', { label: document.label })}
          tag={
            <Tag look={document.disclosure === 'staff' ? 'solid' : 'plain'}>
              {words.name(`disclosure.${document.disclosure}`)}
            </Tag>
          }
        />
      )}
      <Button size="small" look="plain" icon={Video} onClick={view.backToVideo}>
        <Furigana text={words.say('stage.back')} />
      </Button>
    </>
  );
}

/** Where there is no panel beside the call: how many look at it, and what the panel would say. */
function WhoLooks({ view }: { view: View }) {
  const words = useWords('view');
  const shape = useShape();
  const count = usePart(view.looking, howMany);
  const [isOpen, setOpen] = useState(false);
  if (hasPanel(shape)) return null;
  return (
    <>
      <Button
        size="small"
        look="plain"
        icon={Users}
        aria-label={words.name('panel.open', { count })}
        onClick={() => setOpen(true)}
      >
        {count}
      </Button>
      <Sheet open={isOpen} onClose={() => setOpen(false)} title={words.name('panel.title')}>
        <ViewPanel view={view} />
      </Sheet>
    </>
  );
}

const howMany = ({ length }: readonly Look[]): number => length;

function AddPage({ view, surface, pages }: { view: View; surface: string; pages: number }) {
  const words = useWords('view');
  const [busy, setBusy] = useState(false);
  const add = () => {
    setBusy(true);
    void view
      .present(pageKey(surface, pages + 1))
      .catch(() => undefined) // the button is still there
      .finally(() => setBusy(false));
  };
  return (
    <Button size="small" look="quiet" icon={FilePlus2} busy={busy} onClick={add}>
      {words.name('board.more')}
    </Button>
  );
}
