/** The transcript of a call: its lines as they stand, corrected, confirmed and masked by whoever reads. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post, type TranscriptLine } from '../api';

const MASK = '■';
export type LineState = 'automatic' | 'confirmed' | 'masked';

/** The text with what was proposed for masking taken out, sign by sign. */
export function masked({ text, proposals }: Pick<TranscriptLine, 'text' | 'proposals'>): string {
  const signs = [...text];
  for (const { start, end } of proposals) signs.fill(MASK, start, end);
  return signs.join('');
}

export function useTranscript(call_id: string) {
  const client = useQueryClient();
  const queryKey = ['transcript', call_id];
  const found = useQuery({
    queryKey,
    queryFn: () => get('/calls/{call_id}/transcript', { path: { call_id } }),
  });
  const onSettled = () => client.invalidateQueries({ queryKey });
  const revise = useMutation({
    mutationFn: ({ line, text, state }: { line: TranscriptLine; text: string; state: LineState }) =>
      post('/transcript/lines/{line_id}', {
        path: { line_id: line.id },
        body: { revision: line.revision, text, state },
      }),
    onSettled,
  });
  const confirmAll = useMutation({
    mutationFn: (lines: readonly TranscriptLine[]) =>
      post('/transcript/confirm', {
        body: { lines: lines.map(({ id, revision }) => ({ id, revision })) },
      }),
    onSettled,
  });
  const giveBack = useMutation({
    mutationFn: ({ line, words }: { line: TranscriptLine; words: string }) =>
      post('/transcript/lines/{line_id}/return', {
        path: { line_id: line.id },
        body: { revision: line.revision, words },
      }),
    onSettled,
  });
  return { found, revise, confirmAll, giveBack };
}
