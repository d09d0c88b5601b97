import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FIELD } from '../../mock/people';
import { type Interception, openAt } from '../testing';
import { tagsOf } from './DocumentForm';
import { titleOf } from './Upload';
import type { Answer, Found } from './useLibrary';

const VERSION = {
  id: 'version-1',
  label: '2.1',
  pages: 64,
  state: 'ready',
  reason: '',
  issued_on: '',
  created_at: '2026-10-01T00:00:00Z',
} as const;

const FOUND: Found = {
  id: 'document-1',
  title: '橋りょう耐震補強 施工の手引',
  title_marks: [[4, 6]],
  kind: '手引',
  office: '東部土木事務所',
  department: '道路河川課',
  disclosure: 'staff',
  sensitivity: 2,
  tags: ['橋'],
  updated_at: '2026-10-01T00:00:00Z',
  withdrawn_at: null,
  version: VERSION,
  pending: null,
  places: [
    { version_id: 'version-1', label: '2.1', page: 16 },
    { version_id: 'version-1', label: '2.1', page: 41 },
  ],
  snippets: [
    {
      version_id: 'version-1',
      label: '2.1',
      page: 16,
      text: '🙂橋脚の耐震補強の前に調べる。',
      marks: [[4, 6]],
    },
  ],
  may_change: true,
};

const ANSWER: Answer = {
  documents: [FOUND],
  total: 1,
  total_places: 2,
  missing_terms: 0,
  also: [{ said: '耐震', also: ['耐震診断', '地震に強くする'] }],
  facets: {
    disclosure: [{ value: 'staff', count: 1 }],
    kind: [{ value: '手引', count: 1 }],
    unit: [{ value: '道路河川課', count: 1 }],
    tags: [],
  },
  took_ms: 42,
};

const answers =
  (answer: Partial<Answer>, status = 200): Interception =>
  (method, path) => {
    if (method !== 'GET' || path !== '/documents') return undefined;
    return status === 200
      ? Response.json({ ...ANSWER, ...answer })
      : Response.json({ error: { key: 'server.fault', params: {}, reference: 'K7Q2-9F' } }, { status });
  };

test('a hit says how much there is, where it stands, and marks it by characters, not by halves of them', async () => {
  openAt('/documents?q=耐震', { as: FIELD, intercept: answers({}) });

  const hit = within(await screen.findByRole('list', { name: '見つかった資料' }));
  expect(hit.getByRole('button', { name: /16枚目/ }).querySelector('mark')?.textContent).toBe('耐震');
  expect(hit.getByText('手引・道路河川課・版2.1・10月1日更新・64枚')).toBeTruthy();
  expect(hit.getByText(/ほかに1か所/)).toBeTruthy();
  expect(screen.getAllByText('1件・2か所・0.04秒')).toBeTruthy();
});

test('words that mean the same are named, and left out by one press', async () => {
  const { user } = openAt('/documents?q=耐震', {
    as: FIELD,
    intercept: answers({}),
  });

  expect(await screen.findByText('耐震診断、地震に強くする')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: '「耐震」だけにする' }));
  expect(await screen.findByText('「耐震」だけでさがしました。')).toBeTruthy();
});

test('nothing found, nothing there and no answer each have a way on', async () => {
  const none: Partial<Answer> = { documents: [], total: 0, total_places: 0, also: [] };
  const first = openAt('/documents?q=宝くじ&kind=手引', { as: FIELD, intercept: answers(none) });
  expect(await screen.findByText('あてはまる資料はありません')).toBeTruthy();
  await first.user.click(screen.getByRole('button', { name: '絞り込みを外す' }));
  first.unmount();

  openAt('/documents', { as: FIELD, intercept: answers(none) });
  expect(await screen.findByText('資料はまだありません')).toBeTruthy();
});

test('a search that fails says so and can be tried again', async () => {
  openAt('/documents', { as: FIELD, intercept: answers({}, 403) });

  expect((await screen.findByRole('alert')).textContent).toContain('資料をさがせませんでした');
});

test('a version that is read or refused says so in words', async () => {
  const refused = { ...VERSION, state: 'refused', reason: 'encrypted' } as const;
  openAt('/documents', {
    as: FIELD,
    intercept: answers({
      documents: [
        { ...FOUND, id: 'a', version: null, pending: { ...VERSION, state: 'reading' } },
        { ...FOUND, id: 'b', pending: refused },
      ],
      total: 2,
    }),
  });

  expect(await screen.findByText(/読み取っています/)).toBeTruthy();
  expect(screen.getByText(/パスワードがかかっています/)).toBeTruthy();
});

test('a file name becomes a title, and words between commas become tags', () => {
  expect(titleOf('R8_川辺橋_一般図.pdf')).toBe('R8 川辺橋 一般図');
  expect(tagsOf('橋、耐震, 橋，')).toEqual(['橋', '耐震']);
});
