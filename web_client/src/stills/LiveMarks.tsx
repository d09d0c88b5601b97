/** Marks and pointers over somebody's running camera or screen, in the coordinates of that picture itself. */
import { useEffect, useSyncExternalStore } from 'react';
import { DrawnSurface } from '../view/DrawnSurface';
import { MarkLayer } from '../view/MarkLayer';
import { drawn } from '../view/marks';
import { ACROSS } from '../view/surface';
import type { View } from '../view/View';
import { livePen, setLivePen } from './livePen';

export function LiveMarks({
  view,
  surface,
  proportion,
  fit,
  label,
  canDraw,
  isAmongStaff,
  onMarked,
}: {
  view: View;
  /** `video:…` or `screen:…` */
  surface: string;
  proportion: number;
  fit: 'contain' | 'cover';
  label: string;
  canDraw: boolean;
  isAmongStaff: boolean;
  /** Told whether there is anything on it: a mirrored picture is then turned round, as others see it. */
  onMarked?: (isMarked: boolean) => void;
}) {
  const pen = useSyncExternalStore(livePen.subscribe, livePen.get);
  const marks = view.on(surface);
  const { marks: known } = useSyncExternalStore(marks.watch, marks.drawn.get);
  const { pointers, inks } = useSyncExternalStore(marks.passing.subscribe, marks.passing.get);
  const isDrawing = canDraw && pen.isOn;
  const isMarked = isDrawing || drawn(known).length + pointers.length + inks.length > 0;
  useEffect(() => onMarked?.(isMarked), [onMarked, isMarked]);
  useEffect(() => {
    if (canDraw) setLivePen({ key: surface });
  }, [canDraw, surface]);
  const size = { width: ACROSS, height: Math.round(ACROSS / proportion) };
  if (!isMarked) return null;
  return isDrawing ? (
    <DrawnSurface
      marks={marks}
      size={size}
      fit={fit}
      kit={pen.kit}
      isAmongStaff={isAmongStaff}
      label={label}
      scrolls={false}
    />
  ) : (
    <MarkLayer marks={marks} size={size} fit={fit} pen={null} label={label} />
  );
}
