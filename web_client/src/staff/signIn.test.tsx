import { screen, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { openAt } from '../testing';

async function givePassword(user: UserEvent, staffNo: string, password = 'genba-demo-2026') {
  await user.type(await screen.findByLabelText('職員番号'), staffNo);
  await user.type(screen.getByLabelText('パスワード'), password);
  await user.click(screen.getByRole('button', { name: '次へ' }));
}

test('a field worker signs in with password and code and stands before 相談を始める', async () => {
  const { user } = openAt('/');

  await givePassword(user, 'f1001');
  await user.type(await screen.findByLabelText('確認コード（6けた）'), '123456');

  expect(await screen.findByRole('button', { name: /相談を始める/ })).toBeTruthy();
});

test('an unknown address leads home, and home to signing in', async () => {
  const { user } = openAt('/nowhere-yet');
  expect(await screen.findByText('この画面はありません')).toBeTruthy();

  await user.click(within(screen.getByRole('main')).getByRole('link'));
  expect(await screen.findByRole('heading', { name: '入室する' })).toBeTruthy();
});

test('a wrong password says so, keeps the number and does not say which was wrong', async () => {
  const { user } = openAt('/sign-in');

  await givePassword(user, 'F1001', 'wrong');

  expect((await screen.findByRole('alert')).textContent).toContain('職員番号かパスワードが違います');
  expect(screen.getByLabelText('職員番号')).toHaveProperty('value', 'F1001');
});

test('an empty form says what is missing and asks nobody', async () => {
  const { user } = openAt('/sign-in');

  await user.click(await screen.findByRole('button', { name: '次へ' }));

  expect(screen.getByText('職員番号を入力してください')).toBeTruthy();
  expect(screen.getByText('パスワードを入力してください')).toBeTruthy();
  expect(screen.getByLabelText('職員番号').getAttribute('aria-invalid')).toBe('true');
});

test('a wrong code says how many tries remain and empties the boxes; the last one says until when', async () => {
  const { user } = openAt('/sign-in');
  await givePassword(user, 'F1001');
  const code = await screen.findByLabelText('確認コード（6けた）');

  await user.type(code, '000000');
  expect(await screen.findByText('数字が違います。あと4回まで試せます。')).toBeTruthy();
  expect(code).toHaveProperty('value', '');

  for (const wrong of ['000001', '000002', '000003']) {
    await user.type(code, wrong);
    await screen.findByText(/あと[1-3]回/);
  }
  await user.type(code, '000004');
  expect(await screen.findByText(/まで入力を止めています/)).toBeTruthy();
});

test('a recovery code is another way in', async () => {
  const { user } = openAt('/sign-in');
  await givePassword(user, 'F1001');

  await user.click(await screen.findByRole('button', { name: '予備コードを使う' }));
  await user.type(screen.getByLabelText('予備コード'), 'aaaa 1111');
  await user.click(screen.getByRole('button', { name: '入室する' }));

  expect(await screen.findByRole('button', { name: /相談を始める/ })).toBeTruthy();
  expect(screen.getByText('予備コードは残り9個です')).toBeTruthy();
});

test('the first time leads to enrolment, and on only with the recovery codes put away', async () => {
  const { user } = openAt('/sign-in');
  await givePassword(user, 'F1002');

  expect(await screen.findByRole('img', { name: '認証アプリに登録するQRコード' })).toBeTruthy();
  await user.type(screen.getByLabelText('確認コード（6けた）'), '123456');
  expect(await screen.findByText('AAAA-1111')).toBeTruthy();

  await user.click(screen.getByRole('button', { name: 'Genbaを使い始める' }));
  expect(await screen.findByText(/四角に印を付けてください/)).toBeTruthy();
  await user.click(screen.getByRole('checkbox'));
  await user.click(screen.getByRole('button', { name: 'Genbaを使い始める' }));
  expect(await screen.findByRole('button', { name: /相談を始める/ })).toBeTruthy();
});

test('a server that is away is said, with a way on', async () => {
  let isAway = true;
  const { user } = openAt('/sign-in', {
    intercept: (_, path) => (isAway && path === '/me' ? Response.json({}, { status: 400 }) : undefined),
  });

  expect(await screen.findByText('入室の画面を用意できませんでした')).toBeTruthy();
  isAway = false;
  await user.click(screen.getByRole('button', { name: 'もう一度' }));
  expect(await screen.findByLabelText('職員番号')).toBeTruthy();
});
