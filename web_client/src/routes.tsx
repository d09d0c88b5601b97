/**
 * Which screen belongs to which address. Each screen is its own chunk, fetched together with its words. The first one is
 * fetched before anything is drawn: React holds back what follows a Suspense fallback for 300 ms, which a person who has
 * just tapped a link would wait for nothing.
 */
import { type ComponentType, lazy, Suspense, useState } from 'react';
import { matchPath, Route, Routes, useLocation } from 'react-router';
import { PageLoading } from './design/States';
import { i18n } from './i18n';
import { beginReading } from './join/invitation';
import { NotBrought } from './NotBrought';
import type { ResidentScreens } from './residentScreens';
import type { StaffScreens } from './staffScreens';

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

/** The same for screens that keep what the server says. What they are made of is no resident's to fetch. */
function staffScreen(path: string, words: string, name: keyof typeof StaffScreens): Screen {
  return screen(path, words, async () => {
    const { StaffScreens } = await import('./staffScreens');
    const [Loaded, { Queries }] = await Promise.all([StaffScreens[name](), import('./queries')]);
    return () => (
      <Queries>
        <Loaded />
      </Queries>
    );
  });
}

/** The same for residents' pages beside the way into a call; each is called as its words are. */
function residentScreen(path: string, name: keyof typeof ResidentScreens): Screen {
  return screen(path, name, async () => (await import('./residentScreens')).ResidentScreens[name]());
}

const SCREENS: Screen[] = [
  {
    ...screen('/j/:code', 'join', async () => (await import('./join/JoinRoute')).JoinRoute),
    begin: beginReading,
  },
  screen('/check', 'check', async () => (await import('./check/CheckRoute')).CheckRoute),
  residentScreen('/a/:code', 'appointment'),
  residentScreen('/l/:code', 'letter'),
  residentScreen('/m/:code', 'ballot'),
  residentScreen('/services/:id/check', 'eligibility'),
  residentScreen('/services/*', 'services'),
  residentScreen('/n/:code?', 'notices'),
  staffScreen('/calls/:id/recap', 'recap', 'recap'),
  staffScreen('/calls/:id/record', 'review', 'review'),
  staffScreen('/calls/:id/minutes', 'minutes', 'review'),
  staffScreen('/records', 'review', 'review'),
  staffScreen('/calls/:id', 'call', 'call'),
  staffScreen('/cases/*', 'cases', 'cases'),
  staffScreen('/decisions/:id', 'decision', 'decision'),
  staffScreen('/documents', 'library', 'library'),
  staffScreen('/partner/*', 'partner', 'partner'),
  staffScreen('/sign-in', 'sign-in', 'signIn'),
  staffScreen('/enrol', 'sign-in', 'enrol'),
  staffScreen('/', 'home', 'home'),
  staffScreen('/wall', 'wall', 'wall'),
  staffScreen('/open-data', 'catalogue', 'openData'),
  staffScreen('/notifications', 'push', 'push'),
  staffScreen('/design', 'design', 'design'),
  staffScreen('*', 'home', 'notFound'),
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
  const { pathname } = useLocation();
  return (
    <NotBrought at={pathname}>
      <Suspense fallback={<PageLoading />}>
        <Routes>
          {SCREENS.map(({ path, Element }) => (
            <Route key={path} path={path} element={<Element />} />
          ))}
        </Routes>
      </Suspense>
    </NotBrought>
  );
}
