/** What fits a need: asked for by typing, or by what was said in a call. Nothing of the question is kept by the page. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { get, post, type ServiceMatch } from '../api';

export type ShownLanguage = 'ja' | 'ja-easy' | 'en';
type ShownKind = 'programme' | 'facility' | 'event' | 'work' | 'licence';

/** Of the last words of those who agreed; asked for again whenever a line was written down. */
export function useSuggestions(call_id: string) {
  return useQuery({
    queryKey: ['suggestions', call_id],
    queryFn: () => get('/calls/{call_id}/suggestions', { path: { call_id } }),
  });
}

export function useServiceSearch() {
  return useMutation({
    mutationFn: (text: string) => post('/concierge/search', { body: { text, asker: 'resident', limit: 5 } }),
    gcTime: 0,
  });
}

export function useShow(call_id: string) {
  return useMutation({
    mutationFn: ({ match, language }: { match: ServiceMatch; language: ShownLanguage }) =>
      post('/calls/{call_id}/services', {
        path: { call_id },
        body: { id: match.id, kind: match.kind as ShownKind, language },
      }),
  });
}

/** Papers and decisions are for staff alone. */
export function isForResidents({ kind }: Pick<ServiceMatch, 'kind'>): boolean {
  return kind !== 'document' && kind !== 'decision';
}
