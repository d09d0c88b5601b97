import { afterEach, expect, test, vi } from 'vitest';
import { beginReading, readInvitation } from './invitation';

const asked: string[] = [];

function answering(status: number): void {
  asked.length = 0;
  vi.stubGlobal('fetch', async (input: RequestInfo | URL) => {
    asked.push(String(input instanceof Request ? input.url : input));
    return new Response(JSON.stringify({ guest_name: '田端' }), {
      status,
      headers: { 'Content-Type': 'application/json' },
    });
  });
}

afterEach(() => vi.unstubAllGlobals());

test('an invitation begun early is asked for once', async () => {
  answering(200);
  beginReading('abc');

  const view = await readInvitation('abc', new AbortController().signal);

  expect(view.guest_name).toBe('田端');
  expect(asked).toHaveLength(1);
});

test('a second reading, or one of another link, asks again', async () => {
  answering(200);
  beginReading('abc');
  await readInvitation('other', new AbortController().signal);
  await readInvitation('abc', new AbortController().signal);

  expect(asked).toHaveLength(3);
});
