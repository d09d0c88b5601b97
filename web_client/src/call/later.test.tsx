import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { Suspense } from 'react';
import { expect, test } from 'vitest';
import { Absent, later } from './later';

/** Cannot be fetched so often. */
function fetchedAfter(failures: number, text: string) {
  let left = failures;
  return async () => {
    left -= 1;
    if (left >= 0) throw new TypeError('Failed to fetch dynamically imported module');
    return () => <p>{text}</p>;
  };
}

test('what somebody opened and could not be fetched says so, and comes when they press', async () => {
  const [Tab, Band] = [later(fetchedAfter(2, '読めた'), 'app', Absent), later(fetchedAfter(1, '帯'), 'app')];
  render(
    <Suspense>
      <Band />
      <Tab />
    </Suspense>,
  );
  const again = async () => userEvent.click(await screen.findByRole('button', { name: 'もう一度' }));

  await again();
  expect(await screen.findByText('帯')).toBeDefined(); // what was left out comes with it
  await again();

  expect(await screen.findByText('読めた')).toBeDefined();
  expect(screen.queryByRole('alert')).toBeNull();
});
