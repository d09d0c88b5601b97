/**
 * Which screen belongs to which address. Each screen is its own chunk, fetched together with its words. The first one is
 * fetched before anything is drawn: React holds back what follows a Suspense fallback for 300 ms, which a person who has
 * just tapped a link would wait for nothing.
 */
import { type ComponentType, lazy, Suspense, useState } from 'react';
import { matchPath, Route, Routes } from 'react-router';
import { PageLoading } from './design/States';
import { i18n } from './i18n';
import { beginReading } from './join/invitation';

interface Screen {
  path: string;
  words: readonly string[];
  bring: () => Promise<ComponentType>;
  begin?: (parameter: string) => void;
  Element: ComponentType;
}

/** What may go wrong behind a first page is in every page; the sentences of the rest come with the rest. */
const FIRST_PAGES: readonly string[] = ['join', 'check'];

function screen(path: string, namespace: string, load: () => Promise<ComponentType>): Screen {
  const words = FIRST_PAGES.includes(namespace) ? [namespace] : [namespace, 'errors'];
  let fetched: ComponentType | null = null;
  const bring = async () => {
    fetched = await load();
    return fetched;
  };
  const Later = lazy(async () => {
    const [Loaded] = await Promise.all([bring(), i18n.loadNamespaces(words)]);
    return { default: Loaded };
  });
  // biome-ignore lint/correctness/noComponentHookFactories: made once per screen, when this module is read
  function Element() {
    // Decided once, when the screen appears: swapping the two later would throw its state away.
    const [Chosen] = useState<ComponentType>(() => fetched ?? Later);
    return <Chosen />;
  }
  return { path, words, bring, Element };
}

/** The same for screens that keep what the server says. */
function staffScreen(path: string, words: string, load: () => Promise<ComponentType>): Screen {
  return screen(path, words, async () => {
    const [Loaded, { Queries }] = await Promise.all([load(), import('./queries')]);
    return () => (
      <Queries>
        <Loaded />
      </Queries>
    );
  });
}

const SCREENS: Screen[] = [
  {
    ...screen('/j/:code', 'join', async () => (await import('./join/JoinRoute')).JoinRoute),
    begin: beginReading,
  },
  screen('/check', 'check', async () => (await import('./check/CheckRoute')).CheckRoute),
  screen(
    '/a/:code',
    'appointment',
    async () => (await import('./appointments/AppointmentRoute')).AppointmentRoute,
  ),
  screen('/l/:code', 'letter', async () => (await import('./letter/LetterRoute')).LetterRoute),
  staffScreen('/calls/:id/recap', 'recap', async () => (await import('./recap/RecapRoute')).RecapRoute),
  staffScreen('/calls/:id', 'call', async () => (await import('./call/CallRoute')).CallRoute),
  staffScreen('/cases/*', 'cases', async () => (await import('./cases/CasesRoute')).CasesRoute),
  // With the cases, where most of them belong: one more list of chunks is too many for the first page.
  staffScreen('/decisions/*', 'cases', async () => (await import('./cases/CasesRoute')).CasesRoute),
  staffScreen('/documents', 'library', async () => (await import('./library/LibraryRoute')).LibraryRoute),
  staffScreen('/partner/*', 'partner', async () => (await import('./partner/PartnerRoute')).PartnerRoute),
  staffScreen('/sign-in', 'sign-in', async () => (await import('./staff/SignInRoute')).SignInRoute),
  staffScreen('/enrol', 'sign-in', async () => (await import('./staff/EnrolRoute')).EnrolRoute),
  staffScreen('/', 'home', async () => (await import('./staff/HomeRoute')).HomeRoute),
  staffScreen('/wall', 'wall', async () => (await import('./wall/WallRoute')).WallRoute),
  staffScreen('/notifications', 'push', async () => (await import('./push/PushRoute')).PushRoute),
  staffScreen('/design', 'design', async () => (await import('./design/DesignRoute')).DesignRoute),
  staffScreen('*', 'home', async () => (await import('./staff/NotFoundRoute')).NotFoundRoute),
];

/** What the address will show: its words, and its code and first question to the server, on the way from now on. */
export function firstScreen(pathname: string): { words: readonly string[]; ready: Promise<unknown> } {
  const found = SCREENS.find(({ path }) => path === '*' || matchPath(path, pathname) !== null);
  const parameter = found && Object.values(matchPath(found.path, pathname)?.params ?? {})[0];
  if (parameter) found.begin?.(parameter);
  // A chunk that does not arrive now is asked for again when the screen is drawn, which then says so.
  return { words: found?.words ?? [], ready: found?.bring().catch(() => null) ?? Promise.resolve() };
}

export function Screens() {
  return (
    <Suspense fallback={<PageLoading />}>
      <Routes>
        {SCREENS.map(({ path, Element }) => (
          <Route key={path} path={path} element={<Element />} />
        ))}
      </Routes>
    </Suspense>
  );
}
