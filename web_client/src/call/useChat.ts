/** The written side of a call on this page: history by request, live lines from the session, one's own lines by request. */
import { useCallback, useEffect, useReducer } from 'react';
import { get, post } from '../api';
import { advanceChat, type Chat, EMPTY_CHAT } from './chat';
import type { CallSession } from './session';

export interface LiveChat {
  readonly callId: string;
  readonly chat: Chat;
  readonly send: (text: string, key?: string) => void;
  readonly setOpen: (open: boolean) => void;
  readonly readAgain: () => void;
}

/** `isBack` changes when the line came back: lines written meanwhile are fetched then. */
export function useChat(
  callId: string,
  identity: string,
  session: CallSession | null,
  isBack: boolean,
): LiveChat {
  const [chat, advance] = useReducer(advanceChat, EMPTY_CHAT);
  const { history } = chat;

  useEffect(() => {
    if (session === null) return;
    return session.onChat((line) =>
      advance({ type: 'received', line, own: line.sender_identity === identity }),
    );
  }, [session, identity]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `isBack` is the occasion to read again, not a value used
  useEffect(() => {
    if (history === 'failed') return;
    const stop = new AbortController();
    get('/calls/{call_id}/messages', { path: { call_id: callId }, signal: stop.signal })
      .then(({ messages }) => advance({ type: 'history', lines: messages }))
      .catch(() => {
        if (!stop.signal.aborted) advance({ type: 'history_failed' });
      });
    return () => stop.abort();
  }, [callId, history, isBack]);

  const send = useCallback(
    (text: string, key: string = crypto.randomUUID?.() ?? String(performance.now())) => {
      advance({ type: 'sending', key, text });
      post('/calls/{call_id}/messages', { path: { call_id: callId }, body: { text } }).then(
        ({ messages }) => advance({ type: 'sent', key, lines: messages }),
        () => advance({ type: 'not_sent', key }),
      );
    },
    [callId],
  );
  const setOpen = useCallback((open: boolean) => advance({ type: open ? 'opened' : 'closed' }), []);
  const readAgain = useCallback(() => advance({ type: 'history_again' }), []);
  return { callId, chat, send, setOpen, readAgain };
}
