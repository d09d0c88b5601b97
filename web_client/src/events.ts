/**
 * What the server tells staff pages without being asked: one server-sent event stream (`/api/events`).
 * An event carries no content, only the name of what changed; the pages ask again. EventSource reconnects
 * by itself after a broken line, but gives up on an HTTP refusal, so we open a new one after a pause then.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

export type EventName = keyof typeof CONCERNS;
export type StreamState = 'opening' | 'open' | 'broken';

const REOPEN_AFTER_MS = 5_000;

/** What is asked for again when an event comes. */
const CONCERNS = {
  calls: ['calls'],
  rings: ['rings'],
  questions: ['questions'],
  appointments: ['appointments'],
  staff: ['staff', 'topics'],
} as const;
const EVENT_NAMES = Object.keys(CONCERNS) as EventName[];

/** Calls `onEvent` for each named event until closed. */
export function openEvents(
  onEvent: (name: EventName) => void,
  onState: (state: StreamState) => void,
): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const open = () => {
    source = new EventSource('/api/events');
    source.addEventListener('open', () => onState('open'));
    for (const name of EVENT_NAMES) source.addEventListener(name, () => onEvent(name));
    source.addEventListener('error', () => {
      onState('broken');
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, REOPEN_AFTER_MS);
    });
  };
  open();

  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

/** Keeps what the events concern fresh while the component is on the page. */
export function useEvents(): StreamState {
  const queries = useQueryClient();
  const [state, setState] = useState<StreamState>('opening');
  useEffect(
    () =>
      openEvents((name) => {
        for (const key of CONCERNS[name]) void queries.invalidateQueries({ queryKey: [key] });
      }, setState),
    [queries],
  );
  return state;
}
