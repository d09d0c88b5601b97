import { describe, expect, test } from 'vitest';

import { advanceChat, type Chat, type ChatEvent, type ChatLine, EMPTY_CHAT, parseChatLine } from './chat';

function line(id: string, sentAt = `2026-11-24T04:10:0${id}Z`): ChatLine {
  return {
    id,
    call_id: '01C',
    sender_identity: 'S-1',
    sender_name: '早瀬',
    sender_role: 'field',
    text: `text ${id}`,
    sent_at: sentAt,
  };
}

const outcome = (...events: ChatEvent[]): Chat => events.reduce(advanceChat, EMPTY_CHAT);

const ids = (chat: Chat): string[] => chat.lines.map(({ id }) => id);

describe('lines', () => {
  test('history that arrives after a live line does not double or disorder it', () => {
    const chat = outcome(
      { type: 'received', line: line('2'), own: false },
      { type: 'history', lines: [line('1'), line('2')] },
    );

    expect(ids(chat)).toEqual(['1', '2']);
    expect(chat.history).toBe('ready');
  });

  test("the answer to one's own line and its data packet are one line", () => {
    const chat = outcome(
      { type: 'sending', key: 'k', text: 'text 1' },
      { type: 'received', line: line('1'), own: true },
      { type: 'sent', key: 'k', lines: [line('1')] },
    );

    expect(ids(chat)).toEqual(['1']);
    expect(chat.drafts).toEqual([]);
  });

  test('a failed line keeps its text and can go again', () => {
    const failed = outcome({ type: 'sending', key: 'k', text: 'text 1' }, { type: 'not_sent', key: 'k' });
    const again = advanceChat(failed, { type: 'sending', key: 'k', text: 'text 1' });

    expect(failed.drafts).toEqual([{ key: 'k', text: 'text 1', failed: true }]);
    expect(again.drafts).toEqual([{ key: 'k', text: 'text 1', failed: false }]);
  });

  test('a failed history can be asked for again, a read one stays', () => {
    const failed = outcome({ type: 'history_failed' });
    const read = outcome({ type: 'history', lines: [] });

    expect(failed.history).toBe('failed');
    expect(advanceChat(failed, { type: 'history_again' }).history).toBe('loading');
    expect(advanceChat(read, { type: 'history_failed' })).toBe(read);
    expect(advanceChat(read, { type: 'history_again' })).toBe(read);
  });
});

describe('the unread mark', () => {
  test("counts other people's lines while closed, once each", () => {
    const chat = outcome(
      { type: 'received', line: line('1'), own: false },
      { type: 'received', line: line('1'), own: false },
      { type: 'received', line: line('2'), own: true },
    );

    expect(chat.unread).toBe(1);
  });

  test('opening reads, closing counts again', () => {
    const open = outcome({ type: 'received', line: line('1'), own: false }, { type: 'opened' });
    const seen = advanceChat(open, { type: 'received', line: line('2'), own: false });
    const closed = advanceChat(seen, { type: 'closed' });

    expect(seen.unread).toBe(0);
    expect(advanceChat(closed, { type: 'received', line: line('3'), own: false }).unread).toBe(1);
  });
});

describe('data packets', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

  test('a line is read', () => {
    expect(parseChatLine(bytes(JSON.stringify(line('1'))))?.id).toBe('1');
  });

  test.each(['', '{', 'null', '7', '{}', '{"id":1}'])('%j is dropped', (text) => {
    expect(parseChatLine(bytes(text))).toBeNull();
  });

  test('broken UTF-8 is dropped', () => {
    expect(parseChatLine(new Uint8Array([0xff, 0xfe]))).toBeNull();
  });
});
