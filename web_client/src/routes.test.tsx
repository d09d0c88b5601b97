import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { openAt } from './testing';

vi.mock('./letter/LetterRoute', () => {
  throw new TypeError('Failed to fetch dynamically imported module');
});

test('a screen that cannot be fetched is no white page: it says what to do', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined); // React tells the console of it
  openAt('/l/ABCD-EFGH');

  expect(await screen.findByRole('heading', { name: 'この画面を読みこめませんでした' })).toBeDefined();
  expect(screen.getByRole('button', { name: 'もう一度' })).toBeDefined();
});
