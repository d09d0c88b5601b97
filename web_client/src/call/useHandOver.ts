/** The hand-overs of a call, oldest first; read again by events, and often while one is under way. */
import { useQuery } from '@tanstack/react-query';
import { get, type HandOver } from '../api';

const LOOK_AGAIN_MS = 5_000;

export const isUnderWay = ({ state }: HandOver): boolean => state === 'ringing' || state === 'talking';

/** The latest one; undefined where there was none yet. */
export function useHandOver(callId: string): HandOver | undefined {
  const { data } = useQuery({
    queryKey: ['calls', callId, 'hand-overs'],
    queryFn: () => get('/calls/{call_id}/hand-overs', { path: { call_id: callId } }),
    refetchInterval: (query) => (query.state.data?.some(isUnderWay) ? LOOK_AGAIN_MS : false),
  });
  return data?.at(-1);
}
