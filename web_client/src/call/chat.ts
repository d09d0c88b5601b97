/**
 * The written side of a call (pure): history from the API, live lines from the data topic, and lines on their way out,
 * in one list without doubles. What could not be sent stays, keeps its text, and can be sent again.
 */

/** A line as the API and the data packet carry it. */
export interface ChatLine {
  readonly id: string;
  readonly call_id: string;
  readonly sender_identity: string;
  readonly sender_name: string;
  readonly sender_role: string;
  readonly text: string;
  readonly sent_at: string;
  /** What was spoken instead of written. */
  readonly note?: { readonly id: string; readonly duration_ms: number } | null;
}

export interface Draft {
  readonly key: string;
  readonly text: string;
  readonly failed: boolean;
}

export interface Chat {
  readonly lines: readonly ChatLine[];
  readonly drafts: readonly Draft[];
  /** Lines of other people since the panel was last open. */
  readonly unread: number;
  readonly isOpen: boolean;
  readonly history: 'loading' | 'ready' | 'failed';
}

export const EMPTY_CHAT: Chat = { lines: [], drafts: [], unread: 0, isOpen: false, history: 'loading' };

/** The data topic of the server. */
export const CHAT_TOPIC = 'genba.chat';

export type ChatEvent =
  | { readonly type: 'history'; readonly lines: readonly ChatLine[] }
  | { readonly type: 'history_failed' }
  | { readonly type: 'history_again' }
  | { readonly type: 'received'; readonly line: ChatLine; readonly own: boolean }
  | { readonly type: 'sending'; readonly key: string; readonly text: string }
  | { readonly type: 'sent'; readonly key: string; readonly lines: readonly ChatLine[] }
  | { readonly type: 'not_sent'; readonly key: string }
  | { readonly type: 'opened' }
  | { readonly type: 'closed' };

/** Adds lines, drops doubles by id, keeps the order of sending. */
function merge(before: readonly ChatLine[], more: readonly ChatLine[]): readonly ChatLine[] {
  const byId = new Map([...before, ...more].map((line) => [line.id, line]));
  return [...byId.values()].sort(
    (one, other) => one.sent_at.localeCompare(other.sent_at) || one.id.localeCompare(other.id),
  );
}

function receive(chat: Chat, line: ChatLine, own: boolean): Chat {
  if (chat.lines.some(({ id }) => id === line.id)) return chat;
  const counts = !own && !chat.isOpen;
  return { ...chat, lines: merge(chat.lines, [line]), unread: chat.unread + (counts ? 1 : 0) };
}

function sending(chat: Chat, key: string, text: string): Chat {
  const others = chat.drafts.filter((draft) => draft.key !== key);
  return { ...chat, drafts: [...others, { key, text, failed: false }] };
}

/** The chat after `event`. */
export function advanceChat(chat: Chat, event: ChatEvent): Chat {
  switch (event.type) {
    case 'history':
      return { ...chat, history: 'ready', lines: merge(chat.lines, event.lines) };
    case 'history_failed':
      return chat.history === 'ready' ? chat : { ...chat, history: 'failed' };
    case 'history_again':
      return chat.history === 'ready' ? chat : { ...chat, history: 'loading' };
    case 'received':
      return receive(chat, event.line, event.own);
    case 'sending':
      return sending(chat, event.key, event.text);
    case 'sent':
      return {
        ...chat,
        drafts: chat.drafts.filter(({ key }) => key !== event.key),
        lines: merge(chat.lines, event.lines),
      };
    case 'not_sent':
      return {
        ...chat,
        drafts: chat.drafts.map((draft) => (draft.key === event.key ? { ...draft, failed: true } : draft)),
      };
    case 'opened':
      return { ...chat, isOpen: true, unread: 0 };
    case 'closed':
      return { ...chat, isOpen: false };
  }
}

const FIELDS = ['id', 'call_id', 'sender_identity', 'sender_name', 'sender_role', 'text', 'sent_at'] as const;

/** A chat line from a data packet, or null for anything malformed: a packet never breaks the screen. */
export function parseChatLine(payload: Uint8Array): ChatLine | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    if (typeof value !== 'object' || value === null) return null;
    const record = value as Readonly<Record<string, unknown>>;
    if (!FIELDS.every((field) => typeof record[field] === 'string')) return null;
    const note = isVoice(record.note) ? record.note : null;
    return { ...(record as unknown as ChatLine), note };
  } catch {
    return null;
  }
}

function isVoice(value: unknown): value is { readonly id: string; readonly duration_ms: number } {
  if (typeof value !== 'object' || value === null) return false;
  const { id, duration_ms } = value as Readonly<Record<string, unknown>>;
  return typeof id === 'string' && typeof duration_ms === 'number';
}
