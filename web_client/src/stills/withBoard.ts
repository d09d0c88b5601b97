/** A picture for a report: the still with its board beside it, drawn here, where the fonts are. The original stays untouched. */
import type { Still } from '../api';
import { imageOf } from './useStills';

const WIDTH = 2560;
const BOARD = 720;
const LINE = 46;

export async function saveWithBoard(
  still: Still,
  rows: readonly (readonly [label: string, value: string])[],
): Promise<void> {
  const picture = new Image();
  picture.src = imageOf(still.id, WIDTH);
  await picture.decode();
  const canvas = document.createElement('canvas');
  canvas.width = picture.naturalWidth + BOARD;
  canvas.height = Math.max(picture.naturalHeight, LINE * (rows.length + 1) * 2);
  const pen = canvas.getContext('2d');
  if (!pen) return;
  pen.fillStyle = '#0b3d2e';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0);
  write(pen, rows, picture.naturalWidth);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.92));
  if (!blob) return;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${still.id.slice(0, 8)}-board.jpg`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function write(
  pen: CanvasRenderingContext2D,
  rows: readonly (readonly [label: string, value: string])[],
  left: number,
): void {
  const font = getComputedStyle(document.body).fontFamily;
  pen.fillStyle = '#ffffff';
  pen.textBaseline = 'top';
  let top = LINE;
  for (const [label, value] of rows) {
    pen.font = `500 24px ${font}`;
    pen.fillText(label, left + 28, top);
    top += 32;
    pen.font = `700 32px ${font}`;
    for (const line of broken(pen, value, BOARD - 56)) {
      pen.fillText(line, left + 28, top);
      top += LINE;
    }
    pen.fillRect(left + 28, top, BOARD - 56, 1);
    top += 14;
  }
}

/** Japanese breaks anywhere. */
function broken(pen: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = [''];
  for (const character of text) {
    const line = `${lines.at(-1)}${character}`;
    if (pen.measureText(line).width <= width) lines[lines.length - 1] = line;
    else lines.push(character);
  }
  return lines;
}
