import { screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { FIELD } from '../../mock/people';
import type { CaseFile } from '../api';
import { type Interception, openAt } from '../testing';

const CASE: CaseFile = {
  id: 'case-1',
  number: 'R8-道路維持課-0001',
  title: '川辺橋 P2橋脚 ひび割れ',
  kind: 'damage',
  topic: '',
  place: 'あまね市川辺一丁目',
  latitude: 33.481,
  longitude: 136.647,
  status: 'watching',
  sensitivity: 2,
  department: '道路維持課',
  office: '東部土木事務所',
  owner: FIELD,
  opened_at: '2026-11-18T01:00:00Z',
  updated_at: '2026-11-24T01:00:00Z',
  closed_at: null,
  revision: 3,
  timeline: [
    {
      id: 'event.1',
      kind: 'changed',
      at: '2026-11-20T01:00:00Z',
      until: null,
      actor: '早瀬 美咲',
      actor_role: 'field',
      text: '',
      state: '',
      call_id: null,
      document_id: null,
      still_id: null,
      decision_id: null,
      people: [],
      messages: 0,
      changes: [{ field: 'status', before: 'received', after: 'watching' }],
      shared: false,
    },
  ],
  shares: [],
  may_change: true,
  may_share: true,
};

function refuse(status: number, key: string): Response {
  return Response.json({ error: { key, params: {}, reference: 'K7Q2-9F' } }, { status });
}

const answers =
  (table: Record<string, () => Response | Promise<Response>>): Interception =>
  (method, path) =>
    table[`${method} ${path}`]?.();

test('a list without cases says so, and a search that finds none what to do', async () => {
  const { user } = openAt('/cases', {
    as: FIELD,
    intercept: answers({ 'GET /cases': () => Response.json({ cases: [], has_more: false }) }),
  });

  expect(await screen.findByText('進んでいる案件はありません')).toBeTruthy();
  await user.type(screen.getByRole('searchbox'), '橋');
  expect(await screen.findByText('あてはまる案件はありません')).toBeTruthy();
});

test('a list that cannot be read has a way on', async () => {
  openAt('/cases', {
    as: FIELD,
    intercept: answers({ 'GET /cases': () => refuse(403, 'forbidden') }),
  });

  expect((await screen.findByRole('alert')).textContent).toContain('案件の一覧を出せませんでした');
});

test('an unknown case says how to go on', async () => {
  openAt('/cases/none', {
    as: FIELD,
    intercept: answers({ 'GET /cases/none': () => refuse(404, 'case.unknown') }),
  });

  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('この案件は見つかりませんでした');
  expect(within(alert).getByRole('link', { name: '案件の一覧へ' })).toBeTruthy();
});

test('a case says what was changed in words, and its place without a map', async () => {
  openAt('/cases/case-1', {
    as: FIELD,
    intercept: answers({ 'GET /cases/case-1': () => Response.json(CASE) }),
  });

  expect(await screen.findByText('進み具合: 受付 → 経過観察')).toBeTruthy();
  expect(screen.getByText('緯度・経度 33.48100, 136.64700')).toBeTruthy();
  expect(screen.getByText('地図なし')).toBeTruthy();
});

test('what was typed stays when somebody else was faster', async () => {
  const { user } = openAt('/cases/case-1', {
    as: FIELD,
    intercept: answers({
      'GET /cases/case-1': () => Response.json(CASE),
      'POST /cases/case-1/change': () => refuse(409, 'case.changed'),
    }),
  });

  await user.click(await screen.findByRole('button', { name: '内容を直す' }));
  const place = screen.getByLabelText('場所');
  await user.clear(place);
  await user.type(place, '川辺三丁目');
  await user.click(screen.getByRole('button', { name: '直した内容で残す' }));

  const [alert] = await screen.findAllByText(/ほかの人が先に書き直しました/);
  expect(alert).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>('場所').value).toBe('川辺三丁目');
});

test('without a title nothing is sent, and a refused position says what to do', async () => {
  vi.stubGlobal(
    'navigator',
    Object.assign(Object.create(navigator), {
      geolocation: {
        getCurrentPosition: (_: unknown, fail: (error: object) => void) =>
          fail({ code: 1, PERMISSION_DENIED: 1 }),
      },
    }),
  );
  const { user } = openAt('/cases/new', { as: FIELD });

  await user.click(await screen.findByRole('button', { name: '現在地を付ける' }));
  expect(await screen.findByText(/位置の利用が許可されていません/)).toBeTruthy();
  await user.click(screen.getByRole('button', { name: '案件を作る' }));
  expect(screen.getByText('件名を書いてください。')).toBeTruthy();
  vi.unstubAllGlobals();
});

test('a case file that is being made says so, goes on behind a closed window and is there afterwards', async () => {
  const outline = { size_bytes: 4e6, recordings: 0, media_bytes: 0, is_running: false };
  let finish: (answer: Response) => void = () => undefined;
  const { user } = openAt('/cases/case-1', {
    as: FIELD,
    intercept: answers({
      'GET /cases/case-1': () => Response.json(CASE),
      'GET /cases/case-1/bundle': () => Response.json(outline),
      'POST /cases/case-1/bundle': () =>
        new Promise<Response>((resolve) => {
          finish = resolve;
        }),
    }),
  });
  const press = async (name: RegExp) => user.click(await screen.findByRole('button', { name }));

  await press(/^案件を一式で取り出す/);
  await user.type(await screen.findByLabelText(/確認コード/), '123456');
  await press(/^まとめる/);
  expect(await screen.findByText(/この窓は閉じてかまいません/)).toBeTruthy();
  const [, close] = screen.getAllByRole('button', { name: '閉じる' });
  if (close) await user.click(close);
  expect(await screen.findByRole('button', { name: '一式をまとめています' })).toBeTruthy();
  finish(Response.json({ id: 'bundle-1', name: 'case.zip', size_bytes: 4e6 }));
  await press(/^一式ができました/);

  expect((await screen.findByRole('link', { name: '保存する' })).getAttribute('download')).toBe('case.zip');
});
