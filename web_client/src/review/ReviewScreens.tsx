/** `/calls/:id/record`, `/calls/:id/minutes`, `/records`: each fetched when it is opened, all of them one door. */
import { lazy, Suspense } from 'react';
import { useLocation } from 'react-router';
import { PageLoading } from '../design';

const SCREENS = {
  record: lazy(async () => ({ default: (await import('./ReviewRoute')).ReviewRoute })),
  minutes: lazy(async () => ({ default: (await import('../minutes/MinutesRoute')).MinutesRoute })),
  records: lazy(async () => ({ default: (await import('./SearchRoute')).SearchRoute })),
} as const;

export function ReviewScreens() {
  const name = useLocation().pathname.split('/').filter(Boolean).at(-1);
  const Screen = SCREENS[name === 'minutes' || name === 'records' ? name : 'record'];
  return (
    <Suspense fallback={<PageLoading />}>
      <Screen />
    </Suspense>
  );
}
