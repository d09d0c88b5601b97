/** What of a call's record is hidden (不開示): read, hidden and lifted. Under the transcript's key, since its event is theirs. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { get, post, type Redaction, type RedactionWish } from '../api';
import { type Parameters, useWords, type Words } from '../words';

export function useRedactions(call_id: string) {
  const client = useQueryClient();
  const found = useQuery({
    queryKey: ['transcript', call_id, 'redactions'],
    queryFn: () => get('/calls/{call_id}/redactions', { path: { call_id } }),
  });
  const onSuccess = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['transcript', call_id] }),
      client.invalidateQueries({ queryKey: ['minutes', call_id] }),
      client.invalidateQueries({ queryKey: ['calls', call_id, 'recording'] }),
    ]);
  const hide = useMutation({
    mutationFn: (wish: RedactionWish) =>
      post('/calls/{call_id}/redactions', { path: { call_id }, body: wish }),
    onSuccess,
  });
  const lift = useMutation({
    mutationFn: ({ id, words }: { id: string; words: string }) =>
      post('/redactions/{redaction_id}/lift', { path: { redaction_id: id }, body: { words } }),
    onSuccess,
  });
  return { found, hide, lift };
}

/** What hides something now. */
export function standing(redactions: readonly Redaction[]): readonly Redaction[] {
  return redactions.filter(({ lifted_at }) => lifted_at === null);
}

/** Whole seconds around a stretch: what is hidden is rather a little more than a little less. */
export function around({ started_ms, ended_ms }: { started_ms: number; ended_ms: number }): {
  from_ms: number;
  to_ms: number;
} {
  const from_ms = Math.floor(started_ms / 1000) * 1000;
  return { from_ms, to_ms: Math.max(Math.ceil(ended_ms / 1000) * 1000, from_ms + 1000) };
}

/** The words about what is hidden. */
export function useHidingWords(): Words {
  const words = useWords('review');
  return useMemo(() => {
    const say = (key: string, parameters?: Parameters) => words.say(`hiding.${key}`, parameters);
    const name = (key: string, parameters?: Parameters) => words.name(`hiding.${key}`, parameters);
    return { ...words, say, name };
  }, [words]);
}
