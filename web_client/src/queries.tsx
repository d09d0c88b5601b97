/**
 * One cache for what the server says, around the screens of staff. The resident's landing asks once and keeps
 * nothing, so this and its library stay out of the first page.
 */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiError } from './api';

const MAX_RETRIES = 2;
const STALE_AFTER_MS = 15_000;

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: STALE_AFTER_MS,
        networkMode: 'always', // "offline" is a guess of the browser; a server on the same LAN may still answer
        retry: (failures, error) => failures < MAX_RETRIES && !(error instanceof ApiError && isFinal(error)),
      },
      mutations: { networkMode: 'always' },
    },
  });
}

/** A refusal is an answer: asking again would get the same one. */
function isFinal(error: ApiError): boolean {
  return error.status >= 400 && error.status < 500;
}

const client = newQueryClient();

export function Queries({ children }: { children: ReactNode }) {
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

/** Forgets everything, for tests that start anew. */
export function clearQueries(): void {
  client.clear();
}
