/** What was shown in a call and drawn on it, afterwards: each picture with its marks, opened one by one. */
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { get, type Kept as KeptEntry, urlOf } from '../api';
import {
  DrawingSheet,
  Failed,
  KeptSurface,
  Loading,
  MarkShape,
  Paper,
  Section,
  SurfacePicture,
} from '../design';
import { useWords, type Words } from '../words';
import { drawn, merge, NO_MARKS } from './marks';
import { ACROSS, BOARD, stillUrl } from './surface';
import { titleOf } from './title';
import { stillOf } from './together';

export function Kept({ callId }: { callId: string }) {
  const words = useWords('view');
  const kept = useQuery({
    queryKey: ['calls', callId, 'kept'],
    queryFn: () => get('/calls/{call_id}/kept', { path: { call_id: callId } }),
  });
  return (
    <Section title={words.name('kept.title')}>
      {kept.data ? (
        kept.data.kept.length === 0 ? (
          <p>{words.name('kept.none')}</p>
        ) : (
          kept.data.kept.map((entry) => (
            <Entry key={entry.surface} callId={callId} entry={entry} words={words} />
          ))
        )
      ) : kept.isPending ? (
        <Loading label={words.name('kept.title')} />
      ) : (
        <Failed title={words.name('kept.failed')} error={kept.error} onRetry={() => void kept.refetch()} />
      )}
    </Section>
  );
}

function Entry({ callId, entry, words }: { callId: string; entry: KeptEntry; words: Words }) {
  const [isOpen, setOpen] = useState(false);
  const { surface, marks, shown } = entry;
  const title = titleOf(shown, words);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{words.name('kept.entry', { title, name: shown.presenter_name, count: marks })}</summary>
      {isOpen && <KeptPicture callId={callId} surface={surface} title={title} words={words} />}
    </details>
  );
}

export function KeptPicture(props: { callId: string; surface: string; title: string; words: Words }) {
  const { callId, surface, title, words } = props;
  const svg = useRef<SVGSVGElement>(null);
  const isBoard = surface.startsWith('board:');
  const [proportion, setProportion] = useState(BOARD);
  const size = { width: ACROSS, height: ACROSS * proportion };
  const marks = useQuery({
    queryKey: ['calls', callId, 'marks', surface],
    queryFn: () => get('/calls/{call_id}/marks', { path: { call_id: callId }, query: { surface } }),
  });
  const all = drawn(merge(NO_MARKS, marks.data?.marks ?? []));
  if (marks.isError)
    return (
      <Failed title={words.name('kept.failed')} error={marks.error} onRetry={() => void marks.refetch()} />
    );
  return (
    <KeptSurface size={size}>
      {isBoard ? (
        <Paper size={size} />
      ) : (
        <SurfacePicture
          url={pictureUrl(callId, surface)}
          label={title}
          onShape={(width, height) => setProportion(height / width)}
        />
      )}
      <DrawingSheet
        svgRef={svg}
        size={size}
        fit="contain"
        active={false}
        scrolls
        label={words.name('layer.label', { what: title, count: all.length })}
        description=""
      >
        {all.map((mark) => (
          <MarkShape key={`${mark.author} ${mark.id}`} mark={mark} size={size} unit={2} />
        ))}
      </DrawingSheet>
    </KeptSurface>
  );
}

function pictureUrl(call_id: string, key: string): string {
  const still_id = stillOf(key);
  return still_id === null
    ? urlOf('/calls/{call_id}/surfaces/{key}/image', { path: { call_id, key }, query: { width: 1920 } })
    : stillUrl(call_id, still_id);
}
