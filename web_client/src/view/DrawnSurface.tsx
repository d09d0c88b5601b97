/** One surface with what is drawn on it, and what its tools ask for: the words of a text, the known length of a stretch. */
import { type ReactNode, useState } from 'react';
import type { SurfaceSize } from '../design';
import { useWords } from '../words';
import { MarkLayer } from './MarkLayer';
import { measured } from './marks';
import { type Kit, penOf } from './PenTools';
import type { SurfaceMarks } from './SurfaceMarks';
import type { Unworded } from './useDrawing';
import { WordsDialog } from './WordsDialog';

export function DrawnSurface({
  marks,
  size,
  kit,
  isAmongStaff,
  label,
  scrolls,
  fit,
  children,
}: {
  marks: SurfaceMarks;
  size: SurfaceSize;
  kit: Kit;
  isAmongStaff: boolean;
  label: string;
  scrolls: boolean;
  fit?: 'contain' | 'cover';
  /** The picture under the marks, in the same box. */
  children?: ReactNode;
}) {
  const words = useWords('view');
  const [unworded, setUnworded] = useState<Unworded | null>(null);
  const pen = penOf(kit, isAmongStaff);
  const draw = ({ id, tool, points }: Unworded, text: string) =>
    void marks.draw({ ...pen, tool, points, text }, id);
  const done = (mark: Unworded) => {
    if (mark.tool === 'stamp') return draw(mark, words.name(`stamp.${kit.stamp}`));
    if (mark.tool === 'text' || mark.tool === 'scale') return setUnworded(mark);
    if (mark.tool !== 'measure') return draw(mark, '');
    const length = measured(mark.points, marks.drawn.get().marks, size);
    // The first stretch has nothing to be measured by: it becomes the known length.
    if (length === null) setUnworded({ ...mark, tool: 'scale' });
    else draw(mark, length);
  };
  return (
    <>
      {children}
      <MarkLayer {...{ marks, size, pen, label, scrolls }} {...(fit && { fit })} onDone={done} />
      {unworded && (
        <WordsDialog
          mark={unworded}
          onClose={() => setUnworded(null)}
          onWords={(text) => {
            draw(unworded, unworded.tool === 'scale' ? words.name('length.known', { text }) : text);
            setUnworded(null);
          }}
        />
      )}
    </>
  );
}
