import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { Button } from './Button';

test('a busy button keeps its focus and does nothing', async () => {
  const pressed = vi.fn();
  const { rerender } = render(<Button onClick={pressed}>送る</Button>);
  await userEvent.click(screen.getByRole('button'));

  rerender(
    <Button onClick={pressed} busy>
      送る
    </Button>,
  );
  await userEvent.click(screen.getByRole('button'));

  expect(pressed).toHaveBeenCalledOnce();
  expect(document.activeElement).toBe(screen.getByRole('button'));
  expect(screen.getByRole('button').textContent).toContain('送信中');
});
