/** What the server says of cases, and the acts on one; every act answers with the whole case, which is kept. */
import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type CaseFile, get, post } from '../api';
import type { components } from '../types';

type Schemas = components['schemas'];
export type CaseChanges = Omit<Schemas['ChangeCaseRequest'], 'revision'>;
export type NewCase = Schemas['OpenCaseRequest'];
export type Standing = 'open' | 'closed' | 'all';

const REFRESH_MS = 60_000;

export function useCases(wanted: { q: string; status: Standing; mine: boolean }) {
  return useQuery({
    queryKey: ['cases', 'list', wanted],
    queryFn: () => get('/cases', { query: wanted }),
    placeholderData: (before) => before, // the list stays while a search goes on
    refetchInterval: REFRESH_MS,
  });
}

export function useCase(case_id: string) {
  return useQuery({
    queryKey: keyOf(case_id),
    queryFn: () => get('/cases/{case_id}', { path: { case_id } }),
    refetchInterval: REFRESH_MS,
  });
}

export function useOpenCase(onOpened: (opened: CaseFile) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewCase) => post('/cases', { body }),
    onSuccess: (opened) => {
      keep(queries, opened);
      onOpened(opened);
    },
  });
}

/** Acts on one case; `revision` is that of the case as it is shown. */
export function useCaseActs(shown: Pick<CaseFile, 'id' | 'revision'>) {
  const queries = useQueryClient();
  const path = { case_id: shown.id };
  const onSuccess = (after: CaseFile) => keep(queries, after);
  const onError = () => void queries.invalidateQueries({ queryKey: keyOf(shown.id) });
  return {
    change: useMutation({
      mutationFn: ({ revision = shown.revision, ...changes }: CaseChanges & { revision?: number }) =>
        post('/cases/{case_id}/change', { path, body: { ...changes, revision } }),
      onSuccess,
      onError,
    }),
    comment: useMutation({
      mutationFn: (text: string) => post('/cases/{case_id}/comments', { path, body: { text } }),
      onSuccess,
    }),
    close: useMutation({
      mutationFn: (text: string) => post('/cases/{case_id}/close', { path, body: { text } }),
      onSuccess,
      onError,
    }),
    reopen: useMutation({
      mutationFn: () => post('/cases/{case_id}/reopen', { path }),
      onSuccess,
      onError,
    }),
    unlink: useMutation({
      mutationFn: (call_id: string) =>
        post('/cases/{case_id}/calls/{call_id}/unlink', { path: { ...path, call_id } }),
      onSuccess,
    }),
    share: useMutation({
      mutationFn: (body: Schemas['ShareCaseRequest']) => post('/cases/{case_id}/shares', { path, body }),
      onSuccess,
    }),
    endShare: useMutation({
      mutationFn: (share_id: string) =>
        post('/cases/{case_id}/shares/{share_id}/end', { path: { ...path, share_id } }),
      onSuccess,
      onError,
    }),
    mark: useMutation({
      mutationFn: ({ entry_id, shared }: { entry_id: string; shared: boolean }) =>
        post('/cases/{case_id}/entries/{entry_id}/share', { path: { ...path, entry_id }, body: { shared } }),
      onSuccess,
      onError,
    }),
    link: useMutation({
      mutationFn: (call_id: string) => post('/cases/{case_id}/calls', { path, body: { call_id } }),
      onSuccess,
    }),
  };
}

export type CaseActs = ReturnType<typeof useCaseActs>;

function keep(queries: QueryClient, after: CaseFile): void {
  queries.setQueryData(keyOf(after.id), after);
  void queries.invalidateQueries({ queryKey: ['cases', 'list'] });
}

const keyOf = (case_id: string) => ['cases', case_id] as const;
