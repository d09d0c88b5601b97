import { render, screen, waitFor } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { beforeEach, expect, test, vi } from 'vitest';
import type { PortalView, Recommendation, ServiceItem, ServicePage, ServicesFound } from '../api';
import { ReasonedCard } from '../design';
import { openAt } from '../testing';

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  vi.stubGlobal('scrollTo', () => undefined); // jsdom has no layout to scroll
});

const HOUSE: ServiceItem = {
  kind: 'programme',
  id: '992011-P035',
  title: '老朽危険空き家除却費補助',
  title_en: '',
  summary: '取り壊す費用を補助します。',
  easy: '',
  english: '',
  starts: null,
  ends: '2026-12-25',
  place: '',
  owner: 'あまね県あまね市',
  updated: '2026-11-16',
  contact: '空き家対策課',
  phone: '000-000-1134',
  is_sensitive: false,
};
const BANK: ServiceItem = { ...HOUSE, id: '992011-P036', title: '空き家バンク' };
const PORTAL: PortalView = {
  organisation: 'あまね県',
  office_phone: '000-000-1126',
  takes_subscribers: true,
  towns: ['あまね市', 'つづら川市'],
  counts: { programme: 2, facility: 0, event: 0, work: 0, licence: 0 },
  life_events: ['birth'],
  trending: [{ service: HOUSE, ratio: 3.2, viewers: 118 }],
};
const PAGE: ServicePage = {
  service: HOUSE,
  needs: ['相続した実家が古い'],
  facts: [{ name: 'gives', value: '上限500,000円' }],
  papers: ['見積書'],
  categories: ['工事補助'],
  life_events: ['death'],
  changes: [{ on: '2026-11-20', heading: '給付金額', before: '40万円', after: '50万円' }],
  related: [],
  url: '',
  licence: 'CC BY 4.0',
  fetched_on: '2026-11-24',
  is_stale: false,
  has_check: true,
  follow_key: 'programme/992011/P035',
};
const WHY: Recommendation = {
  service: BANK,
  reasons: [{ why: 'life_event', words: HOUSE.title, shared: '相続' }],
};

function open(address: string, more: { page?: ServicePage; found?: ServicesFound } = {}) {
  const asked: string[] = [];
  const page = openAt(address, {
    intercept: (method, path) => {
      asked.push(`${method} ${path}`);
      if (path === '/services') return Response.json(PORTAL);
      if (path === '/services/recommended') return Response.json({ recommended: [WHY] });
      if (path === '/services/search') return Response.json(more.found);
      if (path.endsWith('/seen')) return new Response(null, { status: 204 });
      if (path.startsWith('/services/records/')) return Response.json(more.page ?? PAGE);
      return undefined;
    },
  });
  return { ...page, asked };
}

test('a card without a reason is not drawn', () => {
  const { container } = render(
    <MemoryRouter>
      <ReasonedCard to="/x" title="理由のない案内" summary="" lines={[]} why={{ label: 'なぜ', text: ' ' }} />
    </MemoryRouter>,
  );
  expect(container.textContent).toBe('');
});

test('nothing is remembered or recommended before somebody switches it on', async () => {
  const { asked, unmount } = open('/services/programme/992011-P035');
  await screen.findByRole('heading', { level: 1, name: HOUSE.title });
  await waitFor(() => expect(asked).toContain('POST /services/records/programme/992011-P035/seen'));
  expect(localStorage.getItem('genba.services')).toBeNull();
  unmount();
  const front = open('/services');
  await screen.findByText('ふだんの3.2倍・118人');
  expect(front.asked).not.toContain('POST /services/recommended');
});

test('「関係ない」 and deletion are kept on the device, and undone for a moment', async () => {
  const at = Date.now();
  const { kind, id, title } = HOUSE;
  const before = { on: true, seen: [{ kind, id, title, at }], unwanted: [], later: [] };
  localStorage.setItem('genba.services', JSON.stringify(before));
  const { user } = open('/services');

  await screen.findByText(`「${HOUSE.title}」を見たため（どちらも「相続」のとき）`);
  await user.click(screen.getByRole('button', { name: `${BANK.title}は関係ない` }));
  expect(JSON.parse(localStorage.getItem('genba.services') ?? '').unwanted[0].id).toBe(BANK.id);
  await user.click(screen.getByRole('button', { name: 'もとに戻す' }));
  expect(JSON.parse(localStorage.getItem('genba.services') ?? '')).toEqual(before);

  await user.click(screen.getByRole('button', { name: '全部消す' }));
  await waitFor(() => expect(screen.queryByText(/を見たため/)).toBeNull());
  await user.click(screen.getByRole('switch', { name: '見たものをこの端末に覚える' }));
  expect(localStorage.getItem('genba.services')).toBeNull();
});

test('what is sensitive is neither remembered nor counted, and offers no following', async () => {
  localStorage.setItem('genba.services', JSON.stringify({ on: true, seen: [], unwanted: [], later: [] }));
  const { asked } = open('/services/programme/992011-P035', {
    page: { ...PAGE, service: { ...HOUSE, is_sensitive: true } },
  });
  await screen.findByRole('heading', { level: 1, name: HOUSE.title });
  expect(screen.queryByText('変わったら知らせる')).toBeNull();
  expect(asked.filter((one) => one.endsWith('/seen'))).toEqual([]);
  expect(JSON.parse(localStorage.getItem('genba.services') ?? '').seen).toEqual([]);
});

test('a grave need is answered with people, whose short numbers can be dialled', async () => {
  const desks = [{ name: 'DV相談ナビ', phone: '#8008', hours: '' }];
  const { user } = open('/services', { found: { matches: [], desks, is_sensitive: true } });
  await user.type(await screen.findByRole('searchbox'), '家に帰れない{Enter}');
  const desk = await screen.findByRole('link', { name: /DV相談ナビ/ });
  expect(desk.getAttribute('href')).toBe('tel:%238008');
  expect(screen.getByRole('button', { name: '画面をすぐ閉じる' })).toBeTruthy();
});

test('the simple pages are four doors, kept until one press undoes them', async () => {
  const { user } = open('/services');
  await user.click(await screen.findByRole('button', { name: 'かんたん表示' }));
  expect(await screen.findByRole('heading', { level: 1, name: '何をしますか' })).toBeTruthy();
  expect(screen.getByRole('link', { name: /人に相談する/ }).getAttribute('href')).toMatch(/^tel:/);
  expect(localStorage.getItem('genba.simple')).toBe('standard');
  expect(localStorage.getItem('genba.textSize')).toBe('large');
  await user.click(screen.getByRole('button', { name: 'もとの表示' }));
  expect(localStorage.getItem('genba.simple')).toBeNull();
  expect(localStorage.getItem('genba.textSize')).toBe('standard');
});

test('whoever came from their own notices follows with one press', async () => {
  sessionStorage.setItem('genba.notices', 'ABCD');
  const { user, asked } = open('/services/programme/992011-P035');
  await user.click(await screen.findByRole('button', { name: 'この案内が変わったら知らせる' }));
  await waitFor(() => expect(asked).toContain('POST /notices/ABCD/follows'));
});
