/**
 * How each kind of thing in the outbox is sent: announced, piece by piece, completed. A still waits as one: its signed
 * papers on the first line, then the picture, so that both are sealed together.
 */
import { post, put } from '../api';
import type { Waiting } from './queue';

export interface Arrived {
  readonly received_bytes: number;
  readonly complete: boolean;
}

/** `bytes` is what is sent in pieces; every step may be repeated. */
export interface Way {
  readonly bytes: Uint8Array<ArrayBuffer>;
  begin(): Promise<Arrived>;
  piece(offset: number, bytes: Uint8Array<ArrayBuffer>): Promise<Arrived>;
  complete(): Promise<unknown>;
}

export function wayOf(item: Waiting, content: Uint8Array<ArrayBuffer>): Way {
  return item.kind === 'still' ? stillWay(item, content) : noteWay(item, item.kind, content);
}

function noteWay(note: Waiting, kind: 'text' | 'voice', content: Uint8Array<ArrayBuffer>): Way {
  const { id, call_id, size_bytes, sha256, duration_ms, recorded_at } = note;
  const path = { call_id, note_id: id };
  return {
    bytes: content,
    begin: () =>
      post('/calls/{call_id}/notes', {
        path: { call_id },
        body: { id, kind, size_bytes, sha256, duration_ms, recorded_at },
      }),
    piece: (offset, bytes) =>
      put('/calls/{call_id}/notes/{note_id}/bytes', { path, query: { offset }, bytes }),
    complete: () => post('/calls/{call_id}/notes/{note_id}/complete', { path }),
  };
}

function stillWay({ id, call_id, account }: Waiting, content: Uint8Array<ArrayBuffer>): Way {
  const { papers, bytes } = unpackStill(content);
  return {
    bytes,
    begin: async () => {
      const { registerKey } = await import('../stills/deviceKey');
      await registerKey(account);
      return post('/calls/{call_id}/stills', { path: { call_id }, body: papers });
    },
    piece: (offset, piece) =>
      put('/stills/{still_id}/bytes', { path: { still_id: id }, query: { offset }, bytes: piece }),
    complete: () => post('/stills/{still_id}/complete', { path: { still_id: id } }),
  };
}

export interface Papers {
  readonly manifest: string;
  readonly signature: string;
}

const LINE_END = 10;

export function packStill(papers: Papers, picture: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const line = new TextEncoder().encode(`${JSON.stringify(papers)}\n`); // JSON writes no bare line end
  const packed = new Uint8Array(line.length + picture.length);
  packed.set(line);
  packed.set(picture, line.length);
  return packed;
}

export function unpackStill(content: Uint8Array<ArrayBuffer>): {
  papers: Papers;
  bytes: Uint8Array<ArrayBuffer>;
} {
  const end = content.indexOf(LINE_END);
  const papers: Papers = JSON.parse(new TextDecoder().decode(content.subarray(0, end)));
  return { papers, bytes: content.slice(end + 1) };
}
