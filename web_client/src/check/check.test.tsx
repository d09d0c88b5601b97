import { screen } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { openAt } from '../testing';

beforeEach(() => vi.stubGlobal('scrollTo', () => undefined)); // jsdom has no layout to scroll

/** jsdom has neither media nor sockets that connect: an old browser, as far as the page can tell. */
function withoutSockets() {
  vi.stubGlobal(
    'WebSocket',
    class {
      onclose: (() => void) | null = null;
      constructor() {
        setTimeout(() => this.onclose?.());
      }
      close() {}
    },
  );
}

test('an old browser is told so, with the telephone and a text for the IT desk', async () => {
  withoutSockets();
  const { user } = openAt('/check');

  await user.click(await screen.findByRole('button', { name: '確かめる' }));

  const verdict = await screen.findByRole('heading', { name: 'このブラウザーでは通話できません' });
  await expect.poll(() => document.activeElement).toBe(verdict); // focus follows the drawing
  expect(screen.getByRole('link', { name: /電話で話す/ })).toBeTruthy();
  expect(screen.getByText('ブラウザーを新しくするか、別の端末をお使いください。')).toBeTruthy();
  expect(screen.getByText('受付番号 K7Q2-9F')).toBeTruthy();
  expect(screen.getByRole('button', { name: '伝える文をコピー' })).toBeTruthy();
});

test('a server that is not reached is said in words, and there is a way on', async () => {
  const { user } = openAt('/check', {
    intercept: (method, path) => {
      if (method === 'GET' && path === '/check') throw new TypeError('no network');
      return undefined;
    },
  });

  await user.click(await screen.findByRole('button', { name: '確かめる' }));

  expect(await screen.findByRole('heading', { name: 'サイトに届きませんでした' })).toBeTruthy();
  expect(screen.getByRole('link', { name: /電話で話す/ })).toBeTruthy();
  expect(screen.getByRole('button', { name: 'もう一度確かめる' })).toBeTruthy();
});

test('who asks too often is told to wait', async () => {
  const { user } = openAt('/check', {
    intercept: (method, path) =>
      method === 'GET' && path === '/check'
        ? Response.json({ error: { key: 'rate_limited', params: {}, reference: 'K7Q2-9F' } }, { status: 429 })
        : undefined,
  });

  await user.click(await screen.findByRole('button', { name: '確かめる' }));

  expect(await screen.findByRole('heading', { name: 'いまは確かめられません' })).toBeTruthy();
  expect(screen.getByText(/1分ほど待って/)).toBeTruthy();
});
