/**
 * `openAt` renders the client at an address against the in-memory mock of the server, in Japanese, signed in as
 * somebody or nobody; only the network is a fake.
 */
import { cleanup, render } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { MemoryRouter } from 'react-router';
import { afterEach, vi } from 'vitest';
import { MockServer } from '../mock/server';
import type { Person } from './api';
import { ToastProvider } from './design';
import { PreferencesProvider } from './preferences';
import { clearQueries } from './queries';
import { Screens } from './routes';

// In this order: a page that is still there would ask again at once, and the next test find its answer.
afterEach(() => {
  cleanup();
  clearQueries();
});

/** Answers before the mock does, for failures; undefined lets the mock answer. */
export type Interception = (method: string, path: string) => Response | Promise<Response> | undefined;

export function openAt(
  address: string,
  options: { as?: Person; intercept?: Interception; prepare?: (server: MockServer) => void } = {},
) {
  localStorage.setItem('genba.language', 'ja');
  const server = new MockServer();
  options.prepare?.(server);
  let session = options.as ? server.openSession(options.as) : undefined;

  vi.stubGlobal('fetch', async (target: string, init?: RequestInit) => {
    const url = new URL(target, 'http://genba.test');
    const method = init?.method ?? 'GET';
    const path = url.pathname.slice('/api'.length);
    const instead = options.intercept?.(method, path);
    if (instead) return instead;
    const answer = server.answer({
      method,
      path,
      query: url.searchParams,
      body: init?.body ? (JSON.parse(String(init.body)) as Record<string, unknown>) : {},
      session,
    });
    if (answer.session !== undefined) session = answer.session;
    return Response.json(answer.body ?? null, { status: answer.status === 204 ? 200 : answer.status });
  });

  const page = render(
    <PreferencesProvider>
      <ToastProvider>
        <MemoryRouter initialEntries={[address]}>
          <Screens />
        </MemoryRouter>
      </ToastProvider>
    </PreferencesProvider>,
  );
  return { ...page, server, user: userEvent.setup() };
}
