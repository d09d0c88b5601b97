/** What the server knows of the call: who was invited and is not here yet. Read again whenever people come or go. */
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type Call, get } from '../api';

export function callKey(callId: string): readonly string[] {
  return ['calls', callId];
}

export function useCallDetails(first: Call, memberCount: number): Call {
  const queries = useQueryClient();
  useEffect(() => bringEvents(queries), [queries]);
  const { data } = useQuery({
    queryKey: callKey(first.id),
    queryFn: () => get('/calls/{call_id}', { path: { call_id: first.id } }),
    initialData: first,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the count is the occasion to read again, not a value used
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: callKey(first.id) });
  }, [memberCount, first.id, queries]);
  return data;
}

/** The event stream, once the call is drawn: its first picture does not wait for it. */
function bringEvents(queries: QueryClient): () => void {
  const coming = import('../events').then(({ keepFresh }) => keepFresh(queries, () => {}));
  coming.catch(() => undefined); // no line just now: the lists are read again all the same
  return () => void coming.then((close) => close()).catch(() => undefined);
}
