/** Puts the mock in front of Vite's servers: /api, the event stream and the content security policy of production. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connect, Plugin } from 'vite';
import { MockServer } from './server.ts';

const POLICY =
  "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

export function mockServer(): Plugin {
  return {
    name: 'genba-mock',
    configureServer: (server) => {
      server.middlewares.use(serve(new MockServer()));
    },
    configurePreviewServer: (server) => {
      server.middlewares.use((_, response, next) => {
        response.setHeader('Content-Security-Policy', POLICY);
        next();
      });
      server.middlewares.use(serve(new MockServer()));
    },
  };
}

function serve(mock: MockServer): Connect.NextHandleFunction {
  const listeners = new Set<ServerResponse>();
  mock.onCallsChanged = () => {
    for (const listener of listeners) listener.write('event: calls\ndata: {}\n\n');
  };
  return (request, response, next) => {
    const url = new URL(request.url ?? '/', 'http://mock');
    if (url.pathname === '/api/events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      response.write(': open\n\n');
      listeners.add(response);
      request.on('close', () => listeners.delete(response));
    } else if (url.pathname.startsWith('/api/')) void answer(mock, url, request, response);
    else next();
  };
}

async function answer(
  mock: MockServer,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // the stream has no encoding: buffers
  const text = Buffer.concat(chunks).toString();
  const { status, body, session } = mock.answer({
    method: request.method ?? 'GET',
    path: url.pathname.slice('/api'.length),
    query: url.searchParams,
    body: text ? (JSON.parse(text) as Record<string, unknown>) : {},
    session: /genba_session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1],
  });
  if (session !== undefined) {
    const expiry = session ? '' : '; Max-Age=0';
    response.setHeader('Set-Cookie', `genba_session=${session}; HttpOnly; SameSite=Lax; Path=/${expiry}`);
  }
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
