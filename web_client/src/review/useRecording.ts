/** The recording of a call: whether there is one, opening it with a fresh code, and its spans as media. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { get, getFile, post, type Recording } from '../api';
import { type Piece, type PlayableTrack, Playback } from './Playback';

export function useRecording(call_id: string) {
  const client = useQueryClient();
  const queryKey = ['calls', call_id, 'recording'];
  const found = useQuery({
    queryKey,
    queryFn: async () => (await get('/calls/{call_id}/recording', { path: { call_id } })).recording,
  });
  const open = useMutation({
    mutationFn: async (code: string) =>
      (await post('/calls/{call_id}/recording/open', { path: { call_id }, body: { code } })).recording,
    onSuccess: (recording) => client.setQueryData(queryKey, recording),
  });
  return { found, open };
}

/** Plays what is open of it; without anything it still knows where one is. */
export function usePlayback(
  call_id: string,
  recording: Recording | null,
  length_ms: number,
  /** Where it begins, until somebody goes elsewhere. */
  place: number,
): Playback {
  const last = useRef<Playback | null>(null);
  const open = recording?.is_open ? recording : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew for another recording, not for every answer about it
  const playback = useMemo(() => {
    const tracks = (open?.tracks ?? []).filter(({ is_gone }) => !is_gone);
    const made = new Playback(tracks, length_ms, (track, from_ms, to_ms) =>
      piece(call_id, track, from_ms, to_ms),
    );
    made.seek(last.current?.state.get().at_ms ?? place); // who had a place already stays there
    last.current = made;
    return made;
  }, [call_id, open?.id, length_ms]);
  useEffect(() => () => playback.close(), [playback]);
  return playback;
}

async function piece(
  call_id: string,
  { id: track_id }: PlayableTrack,
  from_ms: number,
  to_ms: number,
): Promise<Piece | null> {
  const file = await getFile('/calls/{call_id}/recording/tracks/{track_id}', {
    path: { call_id, track_id },
    query: { from_ms, to_ms },
  });
  if (file.status === 204) return null; // nothing was recorded then
  const start_ms = Number(file.headers.get('Genba-Start-Ms'));
  return { url: URL.createObjectURL(await file.blob()), start_ms };
}
