/** What the server says of the library, and the acts on a document; each answers with the whole document. */
import {
  keepPreviousData,
  type QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { get, patch, post, putFile, remove } from '../api';
import type { components } from '../types';

type Schemas = components['schemas'];
export type Found = Schemas['FoundDocument'];
export type Answer = Schemas['DocumentsAnswer'];
export type DocumentFile = Schemas['DocumentFile'];
export type Version = Schemas['DocumentVersion'];
export type NewDocument = Schemas['NewDocumentRequest'];
export type Changes = Schemas['ChangeDocumentRequest'];
export type Disclosure = Found['disclosure'];
export const DISCLOSURES = ['public', 'presentable', 'staff'] as const satisfies readonly Disclosure[];

const REFRESH_MS = 60_000;

/** What is looked for, as the address keeps it. */
export interface Wanted {
  q: string;
  exact: boolean;
  audience: 'staff' | 'guests';
  disclosure: string[];
  kind: string[];
  unit: string[];
  tag: string[];
  case: string;
  older: boolean;
  withdrawn: boolean;
}

export function useDocuments(wanted: Wanted) {
  return useInfiniteQuery({
    queryKey: ['documents', 'list', wanted],
    queryFn: ({ pageParam, signal }) =>
      get('/documents', { query: { ...wanted, offset: pageParam }, signal }),
    initialPageParam: 0,
    getNextPageParam: (last, all) => {
      const shown = all.reduce((count, page) => count + page.documents.length, 0);
      return last.documents.length > 0 && shown < last.total ? shown : undefined;
    },
    placeholderData: keepPreviousData, // the list stays while a search goes on
    refetchInterval: REFRESH_MS,
  });
}

export function useDocument(document_id: string | undefined) {
  return useQuery({
    queryKey: keyOf(document_id ?? ''),
    queryFn: () => get('/documents/{document_id}', { path: { document_id: document_id ?? '' } }),
    enabled: document_id !== undefined,
  });
}

/** A new document: what is said of it, then its file; `progress` is the share of bytes that were sent. */
export function useAddDocument() {
  const queries = useQueryClient();
  const [progress, setProgress] = useState<number | null>(null);
  const add = useMutation({
    mutationFn: async ({
      file,
      begun,
      ...said
    }: NewDocument & { file: File; begun?: string | undefined }) => {
      setProgress(0);
      const document_id = begun ?? (await post('/documents', { body: said })).id;
      try {
        return await sendFile(document_id, file, '', setProgress);
      } catch (error) {
        throw new NotSent(document_id, error);
      }
    },
    onSuccess: (after) => keep(queries, after),
    onSettled: () => setProgress(null),
  });
  return { add, progress };
}

/** Its document is there and its file is not: sending goes on with the same document. */
export class NotSent extends Error {
  readonly document_id: string;

  constructor(document_id: string, cause: unknown) {
    super('not sent', { cause });
    this.document_id = document_id;
  }
}

/** `onProgress` gets the share that was sent, 0 to 1. Rejects with `ApiError` like every request. */
function sendFile(
  document_id: string,
  file: File,
  label: string,
  onProgress: (share: number) => void,
): Promise<DocumentFile> {
  const query = { name: file.name.slice(-200), ...(label && { label }) };
  return putFile('/documents/{document_id}/content', { path: { document_id }, query }, file, onProgress);
}

export function useDocumentActs(document_id: string) {
  const queries = useQueryClient();
  const [progress, setProgress] = useState<number | null>(null);
  const path = { document_id };
  const onSuccess = (after: DocumentFile) => keep(queries, after);
  return {
    progress,
    change: useMutation({
      mutationFn: (body: Changes) => patch('/documents/{document_id}', { path, body }),
      onSuccess,
    }),
    addVersion: useMutation({
      mutationFn: ({ file, label }: { file: File; label: string }) =>
        sendFile(document_id, file, label, setProgress),
      onSuccess,
      onSettled: () => setProgress(null),
    }),
    link: useMutation({
      mutationFn: (case_id: string) =>
        post('/documents/{document_id}/cases/{case_id}', { path: { ...path, case_id } }),
      onSuccess,
    }),
    unlink: useMutation({
      mutationFn: (case_id: string) =>
        remove('/documents/{document_id}/cases/{case_id}', { path: { ...path, case_id } }),
      onSuccess,
    }),
  };
}

export type DocumentActs = ReturnType<typeof useDocumentActs>;

/** A value once it has stopped changing, so that not every key asks the server. */
export function useSettled<T>(value: T, after_ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), after_ms);
    return () => clearTimeout(timer);
  }, [value, after_ms]);
  return settled;
}

function keep(queries: QueryClient, after: DocumentFile): void {
  queries.setQueryData(keyOf(after.id), after);
  void queries.invalidateQueries({ queryKey: ['documents', 'list'] });
  void queries.invalidateQueries({ queryKey: ['cases'] });
}

const keyOf = (document_id: string) => ['documents', document_id] as const;
