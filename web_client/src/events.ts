/**
 * What the server tells staff pages without being asked: one server-sent event stream (`/api/events`).
 * An event carries no content, only the name of what changed; the pages ask again. EventSource reconnects
 * by itself after a broken line, saying what it saw last, but gives up on an HTTP refusal, so we open a new one after
 * a pause then. Whoever missed more than the server remembers is told to ask for everything (`reset`); `alone` says that
 * the server does not hear its other nodes, `together` that it does again.
 */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

export type EventName = keyof typeof CONCERNS | 'reset';
export type StreamState = 'opening' | 'open' | 'alone' | 'broken';

const REOPEN_AFTER_MS = 5_000;

/** What is asked for again when an event comes. */
const CONCERNS = {
  calls: ['calls', 'cases'],
  cases: ['cases'],
  documents: ['documents'],
  decisions: ['decisions'],
  transcript: ['transcript', 'suggestions'],
  returns: ['returns'],
  rings: ['rings'],
  questions: ['questions'],
  appointments: ['appointments'],
  staff: ['staff', 'topics'],
  announcements: ['announcements'],
} as const;
const EVENT_NAMES = [...Object.keys(CONCERNS), 'reset'] as EventName[];

/** Calls `onEvent` for each named event until closed. */
export function openEvents(
  onEvent: (name: EventName) => void,
  onState: (state: StreamState) => void,
): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let seen = '';

  const open = () => {
    source = new EventSource(seen ? `/api/events?after=${seen}` : '/api/events');
    for (const name of ['open', 'together']) source.addEventListener(name, () => onState('open'));
    source.addEventListener('alone', () => onState('alone'));
    for (const name of EVENT_NAMES) {
      source.addEventListener(name, (event) => {
        seen = event.lastEventId;
        onEvent(name);
      });
    }
    source.addEventListener('error', () => {
      onState('broken');
      seen ||= 'none'; // whatever came meanwhile is unknown: the server then answers `reset`
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, REOPEN_AFTER_MS);
    });
  };
  open();

  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

/** Keeps what the events concern fresh until closed. */
export function keepFresh(queries: QueryClient, onState: (state: StreamState) => void): () => void {
  return openEvents((name) => {
    if (name === 'reset') void queries.invalidateQueries();
    else for (const key of CONCERNS[name]) void queries.invalidateQueries({ queryKey: [key] });
  }, onState);
}

/** The same while the component is on the page. */
export function useEvents(): StreamState {
  const queries = useQueryClient();
  const [state, setState] = useState<StreamState>('opening');
  useEffect(() => keepFresh(queries, setState), [queries]);
  return state;
}
