/**
 * Packets between the pages of a call (pure), topic `genba.view`: pointers, lines while they are drawn, and a turn of the
 * page a moment before the server tells it. They are worth nothing a moment later, so each is complete in itself and small;
 * what stays comes from the server alone. Whose a packet is, LiveKit says. Anything malformed reads as null.
 *
 *     pointer: 1, surface (4), x (2), y (2)                      x = y = 0xffff: no longer pointing
 *     ink:     2, surface (4), mark id (9), tool (1), colour (1), width (2), points (2 each)
 *     turn:    3, subject (4), page (2), 0 (2)
 */
import { COLOURS, type Colour, MAX_WIDTH, simplify, TOOLS, type Tool, UNIT } from './marks';

export const VIEW_TOPIC = 'genba.view';
/** What the server says, and nobody else can. */
export const SHOWN_TOPIC = 'genba.shown';

const POINTER = 1;
const INK = 2;
const TURN = 3;
const HEAD = 5;
const INK_HEAD = HEAD + 9 + 1 + 1 + 2;
const NOWHERE = 0xffff;
/** Of a line on its way: 1 kB fits into one packet of the network. */
const MAX_INK_POINTS = 240;

export interface PointerPacket {
  readonly kind: 'pointer';
  readonly surface: number;
  /** In 10000ths; null = no longer pointing. */
  readonly at: readonly [number, number] | null;
}

export interface InkPacket {
  readonly kind: 'ink';
  readonly surface: number;
  readonly id: string;
  readonly tool: Tool;
  readonly colour: Colour;
  readonly width: number;
  readonly points: readonly number[];
}

export interface TurnPacket {
  readonly kind: 'turn';
  /** What is presented as a whole, in four bytes as a surface. */
  readonly surface: number;
  readonly page: number;
}

/** A surface in four bytes (FNV-1a of its key): the reader compares it with those it shows. */
export function surfaceHash(key: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(key)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

export function writePointer(surface: number, at: readonly [number, number] | null): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEAD + 4);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, POINTER);
  view.setUint32(1, surface);
  view.setUint16(HEAD, at?.[0] ?? NOWHERE);
  view.setUint16(HEAD + 2, at?.[1] ?? NOWHERE);
  return bytes;
}

export function writeTurn(subject: number, page: number): Uint8Array<ArrayBuffer> {
  const bytes = writePointer(subject, [page, 0]);
  bytes[0] = TURN;
  return bytes;
}

export function writeInk(ink: Omit<InkPacket, 'kind'>): Uint8Array<ArrayBuffer> {
  const points = simplify(ink.points, 8, MAX_INK_POINTS);
  const bytes = new Uint8Array(INK_HEAD + 2 * points.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, INK);
  view.setUint32(1, ink.surface);
  bytes.set(idBytes(ink.id), HEAD);
  view.setUint8(HEAD + 9, TOOLS.indexOf(ink.tool));
  view.setUint8(HEAD + 10, COLOURS.indexOf(ink.colour));
  view.setUint16(HEAD + 11, ink.width);
  points.forEach((value, index) => {
    view.setUint16(INK_HEAD + 2 * index, value);
  });
  return bytes;
}

export function readPacket(bytes: Uint8Array): PointerPacket | InkPacket | TurnPacket | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEAD + 4) return null;
  if (view.getUint8(0) === POINTER && bytes.length === HEAD + 4) return readPointer(view);
  if (view.getUint8(0) === TURN && bytes.length === HEAD + 4)
    return { kind: 'turn', surface: view.getUint32(1), page: view.getUint16(HEAD) };
  return view.getUint8(0) === INK ? readInk(bytes, view) : null;
}

function readPointer(view: DataView): PointerPacket | null {
  const [x, y] = [view.getUint16(HEAD), view.getUint16(HEAD + 2)];
  const surface = view.getUint32(1);
  if (x === NOWHERE && y === NOWHERE) return { kind: 'pointer', surface, at: null };
  return x <= UNIT && y <= UNIT ? { kind: 'pointer', surface, at: [x, y] } : null;
}

function readInk(bytes: Uint8Array, view: DataView): InkPacket | null {
  const rest = bytes.length - INK_HEAD;
  if (rest < 4 || rest % 4 !== 0 || rest > 4 * MAX_INK_POINTS) return null;
  const tool = TOOLS[view.getUint8(HEAD + 9)];
  const colour = COLOURS[view.getUint8(HEAD + 10)];
  const width = view.getUint16(HEAD + 11);
  const points = Array.from({ length: rest / 2 }, (_, index) => view.getUint16(INK_HEAD + 2 * index));
  if (!tool || !colour || tool === 'text' || tool === 'stamp') return null;
  if (width < 1 || width > MAX_WIDTH || points.some((value) => value > UNIT)) return null;
  const isFree = tool === 'pen' || tool === 'highlighter';
  if (!isFree && points.length !== 4) return null;
  const id = idOf(bytes.subarray(HEAD, HEAD + 9));
  return { kind: 'ink', surface: view.getUint32(1), id, tool, colour, width, points };
}

function idBytes(id: string): Uint8Array {
  const plain = atob(id.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function idOf(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}
