/** What the server knows of the call: who was invited and is not here yet. Read again whenever people come or go. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type Call, get } from '../api';
import { useEvents } from '../events';

export function callKey(callId: string): readonly string[] {
  return ['calls', callId];
}

export function useCallDetails(first: Call, memberCount: number): Call {
  const queries = useQueryClient();
  useEvents();
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
