import { afterEach, describe, expect, test, vi } from 'vitest';
import { ApiError, get, post, whenSignedOut } from './api';

afterEach(() => {
  vi.unstubAllGlobals();
});

function answerWith(...answers: [status: number, body: unknown][]) {
  const asked: { url: string; init: RequestInit }[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    asked.push({ url, init });
    const [status, body] = answers[asked.length - 1] ?? [500, null];
    return Response.json(body, { status });
  });
  return asked;
}

const ME = { stage: 'full', person: null, csrf_token: 'token-7', expires_at: '2026-11-24T09:00:00Z' };

describe('requests', () => {
  test('path and query parameters are escaped into the address', async () => {
    const asked = answerWith([200, {}], [200, []]);

    await get('/calls/{call_id}', { path: { call_id: 'a/b' } });
    await get('/staff', { query: { q: '橋 係' } });

    expect(asked.map(({ url }) => url)).toEqual([
      '/api/calls/a%2Fb',
      `/api/staff?q=${encodeURIComponent('橋')}+${encodeURIComponent('係')}`,
    ]);
  });

  test('the anti-forgery token of an answer travels with the next unsafe request only', async () => {
    const asked = answerWith([200, ME], [200, ME], [201, {}]);

    await get('/me');
    await get('/me');
    await post('/calls', { body: { topic: 'road' } });

    const tokens = asked.map(({ init }) => new Headers(init.headers).get('X-CSRF-Token'));
    expect(tokens).toEqual([null, null, 'token-7']);
  });
});

describe('failures', () => {
  test('a refusal keeps its key, parameters and reference', async () => {
    answerWith([401, { error: { key: 'otp.wrong', params: { attempts_left: 3 }, reference: 'K7Q2-9F' } }]);

    const error = await post('/sign-in/otp', { body: { code: '000000' } }).catch((each: unknown) => each);

    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ key: 'otp.wrong', status: 401, reference: 'K7Q2-9F' });
    expect((error as ApiError).number('attempts_left')).toBe(3);
  });

  test('an answer that is not ours is a failed server, not a crash', async () => {
    vi.stubGlobal('fetch', async () => new Response('<html>Bad Gateway</html>', { status: 502 }));

    await expect(get('/public')).rejects.toMatchObject({ key: 'server.failed', status: 502 });
  });

  test('a server that is not reached is said as such', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('Failed to fetch');
    });

    await expect(get('/public')).rejects.toMatchObject({ key: 'network.unreachable', status: 0 });
  });

  test('the end of the session is told to the staff pages, a wrong password is not', async () => {
    const told = vi.fn();
    const stop = whenSignedOut(told);
    answerWith(
      [401, { error: { key: 'sign_in.failed', params: {}, reference: '' } }],
      [401, { error: { key: 'signed_out', params: {}, reference: '' } }],
    );

    await post('/sign-in', { body: { staff_no: 'F1001', password: 'x' } }).catch(() => undefined);
    expect(told).not.toHaveBeenCalled();
    await get('/calls').catch(() => undefined);
    expect(told).toHaveBeenCalledOnce();
    stop();
  });
});
