/** The stills of a call, kept fresh: the server says when there is a new one, and a line that was away is asked again. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type Room, RoomEvent } from 'livekit-client';
import { useEffect } from 'react';
import { get, type Still, urlOf } from '../api';

const TOPIC = 'genba.stills';

const keyOf = (call_id: string) => ['calls', call_id, 'stills'] as const;

export function useStills(callId: string, room: Room | undefined) {
  const client = useQueryClient();
  useEffect(() => {
    if (!room) return;
    const again = () => void client.invalidateQueries({ queryKey: keyOf(callId) });
    const hear = (_payload: Uint8Array, _from: unknown, _kind: unknown, topic?: string) => {
      if (topic === TOPIC) again();
    };
    room.on(RoomEvent.DataReceived, hear).on(RoomEvent.Reconnected, again);
    return () => {
      room.off(RoomEvent.DataReceived, hear).off(RoomEvent.Reconnected, again);
    };
  }, [client, callId, room]);
  return useQuery({
    queryKey: keyOf(callId),
    queryFn: async () => (await get('/calls/{call_id}/stills', { path: { call_id: callId } })).stills,
  });
}

export function useStillsOfCase(caseId: string | null) {
  return useQuery({
    queryKey: ['cases', caseId, 'stills'],
    queryFn: async () => (await get('/cases/{case_id}/stills', { path: { case_id: caseId ?? '' } })).stills,
    enabled: caseId !== null,
  });
}

export function imageOf(id: string, width: 360 | 1280 | 2560): string {
  return urlOf('/stills/{still_id}/image', { path: { still_id: id }, query: { width } });
}

/** What a still is called in a list: what was measured or where, else what for. */
export function nameOf({ manifest }: Still): string {
  const { spot, measured, work } = manifest.board;
  return [spot, measured].filter(Boolean).join(' ') || work;
}
