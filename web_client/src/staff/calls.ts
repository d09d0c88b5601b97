/** The calls of today and the two ways into one: starting it and joining it. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { type Connection, get, post } from '../api';
import { holdConnection } from '../connections';

const REFRESH_MS = 60_000;

/** Refreshed by events; the slow interval is for lines on which the event stream does not live. */
export function useCalls() {
  return useQuery({ queryKey: ['calls'], queryFn: () => get('/calls'), refetchInterval: REFRESH_MS });
}

/** On to a call whose connection is at hand. */
export function useEnter() {
  const navigate = useNavigate();
  return (connection: Connection) => {
    holdConnection(connection);
    return navigate(`/calls/${encodeURIComponent(connection.call.id)}`);
  };
}

/** In place of a topic: rings at one's superior. */
export const SUPERIOR = 'superior';

/** Starts a call; the variable is the topic's key, "" for none. */
export function useStartCall() {
  const onSuccess = useEnter();
  return useMutation({
    mutationFn: (topic: string) =>
      post('/calls', { body: topic === SUPERIOR ? { superior: true } : topic ? { topic } : {} }),
    onSuccess,
  });
}

/** Enters a call; the variable is its id. */
export function useJoinCall() {
  const onSuccess = useEnter();
  return useMutation({
    mutationFn: (call_id: string) => post('/calls/{call_id}/join', { path: { call_id } }),
    onSuccess,
  });
}
