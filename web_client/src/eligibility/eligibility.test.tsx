import { screen } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Eligibility } from '../api';
import { openAt } from '../testing';

beforeEach(() => vi.stubGlobal('scrollTo', () => undefined)); // jsdom has no layout to scroll

const SERVICE: Eligibility['service'] = {
  id: '992011-P067',
  title: '生ごみ処理機購入補助',
  title_en: 'Kitchen Waste Composter Subsidy',
  summary: '台所のごみを減らす機器の購入費を補助します。',
  easy: '台所(だいどころ)の ごみを へらします。',
  english: 'Half the price.',
  gives: '',
  how: '窓口',
  papers: ['領収書'],
  starts: '2026-04-01',
  ends: '2027-02-26',
  reception: 'over',
  days_left: null,
  owner: 'あまね県あまね市',
  contact: '資源循環課',
  phone: '000-000-1166',
  url: '',
  updated: '2026-11-16',
};

function said(more: Partial<Eligibility>): Response {
  const plain: Eligibility = {
    service: SERVICE,
    has_rule: true,
    verdict: 'unsure',
    question: null,
    findings: [],
    desk: [],
    own_deadlines: [],
  };
  return Response.json({ ...plain, ...more });
}

const WHEN: Eligibility['question'] = { name: 'bought_on', shape: 'day', choices: [] };

test('a day that is missing is said under the box, and nothing is sent', async () => {
  let asked = 0;
  const { user } = openAt('/services/992011-P067/check', {
    intercept: (_, path) => {
      if (!path.endsWith('/check')) return undefined;
      asked += 1;
      return said({ question: WHEN });
    },
  });

  await user.click(await screen.findByRole('button', { name: '次へ' }));

  expect(screen.getByText('日にちを選んでください。')).toBeTruthy();
  expect(asked).toBe(1);
});

test('a line that breaks keeps the question and what was answered', async () => {
  let asked = 0;
  const { user } = openAt('/services/992011-P067/check', {
    intercept: (_, path) => {
      if (!path.endsWith('/check')) return undefined;
      asked += 1;
      if (asked === 2) throw new TypeError('no network');
      return asked === 1 ? said({ question: WHEN }) : said({ own_deadlines: ['2020-01-31'] });
    },
  });

  await user.click(await screen.findByRole('button', { name: 'わからない・まだ' }));
  expect(await screen.findByText('答えを確かめられませんでした。')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'わからない・まだ' }));

  expect(await screen.findByRole('heading', { name: '窓口での確認が必要です' })).toBeTruthy();
  expect(screen.getByText('受付は2027年2月26日（金）に終わりました')).toBeTruthy();
  expect(screen.getByText(/あなたの場合の期限（2020年1月31日（金））は過ぎています/)).toBeTruthy();
});

test.each([
  [404, 'not_found', 'この制度は見つかりませんでした'],
  [429, 'rate_limited', '少し待ってください'],
])('a refusal with %i is said in words, with the telephone', async (status, key, heading) => {
  openAt('/services/992011-P999/check', {
    intercept: (_, path) =>
      path.endsWith('/check')
        ? Response.json({ error: { key, params: {}, reference: 'K7Q2-9F' } }, { status })
        : undefined,
  });

  expect(await screen.findByRole('heading', { name: heading })).toBeTruthy();
  expect(await screen.findByRole('link', { name: /電話で聞く/ })).toBeTruthy();
});

test('readings in brackets stand above their words in easy Japanese', async () => {
  const { user, container } = openAt('/services/992011-P067/check', {
    intercept: (_, path) => (path.endsWith('/check') ? said({ question: WHEN }) : undefined),
  });

  await user.click(await screen.findByRole('button', { name: 'やさしい日本語' }));

  await expect.poll(() => container.querySelector('main ruby rt')?.textContent).toBe('だいどころ');
});
