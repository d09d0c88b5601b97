/** Which screen belongs to which address. Each screen is its own chunk, fetched together with its words. */
import { type ComponentType, lazy, Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { PageLoading } from './design/States';
import { i18n } from './i18n';

function screen<K extends string>(
  load: () => Promise<Record<K, ComponentType>>,
  name: K,
  ...words: string[]
) {
  return lazy(async () => {
    const [loaded] = await Promise.all([load(), i18n.loadNamespaces(words)]);
    return { default: loaded[name] };
  });
}

/** The same for screens that keep what the server says. */
function staffScreen<K extends string>(
  load: () => Promise<Record<K, ComponentType>>,
  name: K,
  ...words: string[]
) {
  return lazy(async () => {
    const [loaded, { Queries }] = await Promise.all([
      load(),
      import('./queries'),
      i18n.loadNamespaces(words),
    ]);
    const Screen: ComponentType = loaded[name];
    return {
      default: () => (
        <Queries>
          <Screen />
        </Queries>
      ),
    };
  });
}

const JoinRoute = screen(() => import('./join/JoinRoute'), 'JoinRoute', 'join');
const CallRoute = staffScreen(() => import('./call/CallRoute'), 'CallRoute', 'call');
const SignInRoute = staffScreen(() => import('./staff/SignInRoute'), 'SignInRoute', 'sign-in');
const EnrolRoute = staffScreen(() => import('./staff/EnrolRoute'), 'EnrolRoute', 'sign-in');
const HomeRoute = staffScreen(() => import('./staff/HomeRoute'), 'HomeRoute', 'home');
const DesignRoute = staffScreen(() => import('./design/DesignRoute'), 'DesignRoute', 'design');
const NotFoundRoute = staffScreen(() => import('./staff/NotFoundRoute'), 'NotFoundRoute', 'home');

export function Screens() {
  return (
    <Suspense fallback={<PageLoading />}>
      <Routes>
        <Route path="/j/:code" element={<JoinRoute />} />
        <Route path="/calls/:id" element={<CallRoute />} />
        <Route path="/sign-in" element={<SignInRoute />} />
        <Route path="/enrol" element={<EnrolRoute />} />
        <Route path="/" element={<HomeRoute />} />
        <Route path="/design" element={<DesignRoute />} />
        <Route path="*" element={<NotFoundRoute />} />
      </Routes>
    </Suspense>
  );
}
