/**
 * Who is signed in. One query, `['me']`, answers for the whole client; a 401 there is an answer ("nobody"), not a
 * failure. Signing in and out write the answer into the cache, so no page asks twice.
 */
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { ApiError, get, type Me, type Person, type Public, post, whenSignedOut } from './api';

const ME = ['me'];
const PUBLIC_STALE_MS = 600_000;

/** `data` is null when nobody is signed in. */
export function useMe() {
  return useQuery<Me | null>({ queryKey: ME, queryFn: readMe, staleTime: 60_000 });
}

async function readMe(): Promise<Me | null> {
  try {
    return await get('/me');
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

/** What anybody may know of the installation; pages do without it when it cannot be read. */
export function usePublic(): Public | undefined {
  return useQuery({ queryKey: ['public'], queryFn: () => get('/public'), staleTime: PUBLIC_STALE_MS }).data;
}

export function rememberMe(queries: QueryClient, me: Me | null): void {
  queries.setQueryData(ME, me);
}

/** Asks the server anew, after a step that changes the stage. */
export function forgetMe(queries: QueryClient): Promise<void> {
  return queries.resetQueries({ queryKey: ME });
}

/** The path to return to after signing in, from `?next=`; only paths of this client. */
export function nextPath(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '/';
  return /^\/(?![/\\])/.test(next) ? next : '/';
}

export type Staff =
  | { state: 'reading' }
  | { state: 'failed'; error: Error; retry: () => void }
  | { state: 'in'; person: Person };

/** For staff pages: the person, or the way to where they sign in. */
export function useStaff(): Staff {
  const { data: me, error, isPending, refetch } = useMe();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const person = me?.stage === 'full' ? me.person : null;

  useEffect(() => whenSignedOut(() => rememberMe(queries, null)), [queries]);
  useEffect(() => {
    if (isPending || error || person) return;
    const next = pathname === '/' ? '' : `?next=${encodeURIComponent(pathname + search)}`;
    void navigate(me?.stage === 'enrol' ? '/enrol' : `/sign-in${next}`, { replace: true });
  }, [isPending, error, person, me, pathname, search, navigate]);

  if (person) return { state: 'in', person };
  if (error) return { state: 'failed', error, retry: () => void refetch() };
  return { state: 'reading' };
}

/** Ends the session here and on the server; a server that cannot be reached is tried again by the next sign-in. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await post('/sign-out').catch(() => undefined);
    queries.clear();
    rememberMe(queries, null);
  };
}
