import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test, vi } from 'vitest';
import { DigitKeys, digitsOf, OtpField } from './OtpField';

function Code({ onComplete }: { onComplete: (digits: string) => void }) {
  const [value, setValue] = useState('');
  return (
    <>
      <OtpField label="確認コード" value={value} onChange={setValue} onComplete={onComplete} />
      <DigitKeys
        value={value}
        onChange={setValue}
        onComplete={onComplete}
        onSubmit={onComplete}
        submitLabel="進む"
      />
    </>
  );
}

test.each([
  ['123456', '123456'],
  ['123 456', '123456'],
  ['１２３４５６', '123456'],
  ['コードは 98-76-54 です', '987654'],
  ['1234567', '123456'],
  ['', ''],
])('%s is read as %s', (typed, digits) => {
  expect(digitsOf(typed)).toBe(digits);
});

test('the sixth digit submits, once', async () => {
  const done = vi.fn();
  render(<Code onComplete={done} />);

  await userEvent.type(screen.getByLabelText('確認コード'), '285111');

  expect(done.mock.calls).toEqual([['285111']]);
});

test('a pasted code with a space submits at once', async () => {
  const done = vi.fn();
  render(<Code onComplete={done} />);

  await userEvent.click(screen.getByLabelText('確認コード'));
  await userEvent.paste('285 111');

  expect(done.mock.calls).toEqual([['285111']]);
});

test('the keys type into the same code, and take back', async () => {
  const done = vi.fn();
  render(<Code onComplete={done} />);
  const press = (name: string) => userEvent.click(screen.getByRole('button', { name }));

  for (const key of ['2', '8', '9', '消す', '5', '1', '1', '1']) await press(key);

  expect(done.mock.calls).toEqual([['285111']]);
  expect(screen.getByLabelText('確認コード')).toHaveProperty('value', '285111');
});

test('password managers and telephones recognise the box', () => {
  render(<Code onComplete={() => {}} />);

  const input = screen.getByLabelText('確認コード');

  expect(input.getAttribute('autocomplete')).toBe('one-time-code');
  expect(input.getAttribute('inputmode')).toBe('numeric');
});
