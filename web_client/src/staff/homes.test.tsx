import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { ADMIN, FIELD, SPECIALIST } from '../../mock/people';
import { takeConnection } from '../connections';
import { openAt } from '../testing';

const SLOW = { timeout: 10_000 };

test('a tap on a topic starts the call of that topic and hands its connection on', async () => {
  const { user, server } = openAt('/', { as: FIELD });

  await user.click(await screen.findByRole('button', { name: /がけ・斜面/ }));

  await expect.poll(() => server.calls[0]?.topic, SLOW).toBe('slope');
  const started = server.calls[0];
  await expect.poll(() => takeConnection(started?.id ?? '')?.call.id, SLOW).toBe(started?.id);
});

test('a call that cannot be started says why, with the reference, and the button stays', async () => {
  const { user } = openAt('/', {
    as: FIELD,
    intercept: (method, path) =>
      method === 'POST' && path === '/calls'
        ? Response.json({ error: { key: 'rate_limited', params: {}, reference: 'K7Q2-9F' } }, { status: 429 })
        : undefined,
  });

  await user.click(await screen.findByRole('button', { name: /相談を始める/ }));

  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('相談を始められませんでした');
  expect(alert.textContent).toContain('K7Q2-9F');
  expect(screen.getByRole('button', { name: /相談を始める/ })).toBeTruthy();
});

test('live calls come first and are the only ones to enter', async () => {
  openAt('/', { as: FIELD });

  const list = await screen.findByRole('list', { name: '今日の相談' });

  const rows = within(list).getAllByRole('listitem');
  expect(rows.map((row) => within(row).queryByRole('button', { name: /入る/ }) !== null)).toEqual([
    true,
    false,
    false,
  ]);
  expect(rows[0]?.textContent).toContain('田端 和子さんが入っています');
});

test('no calls is said in one sentence', async () => {
  openAt('/', {
    as: FIELD,
    intercept: (_, path) => (path === '/calls' ? Response.json({ calls: [] }) : undefined),
  });

  expect(await screen.findByText('今日の相談はまだありません')).toBeTruthy();
});

test('a specialist sees who asks, who is in, and one way in', async () => {
  const { user, server } = openAt('/', { as: SPECIALIST });

  const enter = await screen.findByRole('button', { name: '入る: 川辺橋 P2橋脚 ひび割れ' });
  expect(screen.getByRole('heading', { name: /呼ばれている相談/ }).textContent).toContain('1');
  await user.click(enter);

  await expect.poll(() => takeConnection('call-live')?.identity, SLOW).toBe(`S-${SPECIALIST.id}`);
  expect(server.calls).toHaveLength(3);
});

test('what rings says who asks and who is next, and answering opens the call', async () => {
  const { user, server } = openAt('/', { as: SPECIALIST, prepare: (mock) => mock.ring('call-live') });

  const answer = await screen.findByRole('button', { name: '応答する: 川辺橋 P2橋脚 ひび割れ' });
  expect(screen.getByText(/秒後に 藤代 正樹さんを呼びます/)).toBeTruthy();
  expect(document.title).toContain('着信');
  await user.click(answer);

  await expect.poll(() => takeConnection('call-live')?.identity, SLOW).toBe(`S-${SPECIALIST.id}`);
  expect(server.calls).toHaveLength(3);
});

test('a ring is left to the next person, and a ticket is called back', async () => {
  const { user } = openAt('/', {
    as: SPECIALIST,
    prepare: (mock) => {
      mock.ring('call-live');
      mock.ring('call-slope', { state: 'ticket', rung: [], next_circle: [], next_in_s: null });
    },
  });

  await user.click(await screen.findByRole('button', { name: '次の人へ' }));

  await expect.poll(() => screen.queryByRole('button', { name: '次の人へ' }), SLOW).toBeNull();
  expect(screen.getByRole('button', { name: '折り返す: つづら峠 落石の網の点検' })).toBeTruthy();
});

test('one tap says where one is, and a refusal takes it back', async () => {
  let refuses = false;
  const { user } = openAt('/', {
    as: SPECIALIST,
    intercept: (method, path) =>
      refuses && method === 'POST' && path === '/me/presence'
        ? Response.json({ error: { key: 'server.busy', params: {}, reference: 'K7Q2-9F' } }, { status: 503 })
        : undefined,
  });
  const choice = (name: string) => screen.getByRole<HTMLInputElement>('radio', { name });
  await screen.findByRole('radio', { name: '出張' });
  await expect.poll(() => choice('在席').checked, SLOW).toBe(true);

  await user.click(choice('出張'));
  await expect.poll(() => choice('出張').checked, SLOW).toBe(true);

  refuses = true;
  await user.click(choice('在宅'));
  expect((await screen.findByRole('alert')).textContent).toContain('状態を変えられませんでした');
  await expect.poll(() => choice('出張').checked, SLOW).toBe(true);
});

test('an administrator unlocks, and is asked before taking a code away', async () => {
  const { user } = openAt('/', { as: ADMIN });

  await user.click(await screen.findByRole('button', { name: '小野寺 健さんの停止を解除する' }));
  expect(await screen.findByText('小野寺 健さんは、すぐに入室できます')).toBeTruthy();

  await user.click(screen.getByRole('button', { name: '川上 拓真さんの確認コードの登録をやり直す' }));
  expect(screen.getByRole('heading', { name: '川上 拓真さんの確認コードを消しますか' })).toBeTruthy();
  await user.click(screen.getByRole('button', { name: '消してやり直す' }));
  await expect.poll(() => screen.getAllByText('未登録'), SLOW).toHaveLength(2);
});

test('the access log shows the newest rows first and the whole log at the end', async () => {
  const { user } = openAt('/', { as: ADMIN });

  await user.click(await screen.findByRole('tab', { name: 'アクセスログ' }));
  expect(await screen.findByText(/記録の鎖は正常（表示中の50行）/)).toBeTruthy();
  await user.click(screen.getByText('前の記録を見る'));

  expect(await screen.findByText(/表示中の64行/)).toBeTruthy();
  expect(screen.queryByText('前の記録を見る')).toBeNull();
});
