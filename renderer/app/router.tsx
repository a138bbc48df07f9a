import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouteComponent,
} from '@tanstack/react-router';
import { HomePage } from '../features/home/views/home-page.tsx';
import { Frame } from './frame.tsx';
import { LostPage, NotFoundPage } from './fallback-pages.tsx';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage });

/** Everything but the gallery lives in the frame. */
const framed = createRoute({
  getParentRoute: () => root,
  id: 'framed',
  component: Frame,
  notFoundComponent: NotFoundPage,
});

const inFrame = [
  // Not lazily, as the others: it is what a first load is for.
  page('/', HomePage),
  page(
    '/welcome',
    lazyRouteComponent(() => import('../features/welcome/views/welcome-page.tsx'), 'WelcomePage'),
  ),
  page(
    '/create',
    lazyRouteComponent(() => import('../features/create/views/create-page.tsx'), 'CreatePage'),
  ),
  page(
    '/create/on/$name/$version',
    lazyRouteComponent(() => import('../features/create/views/train-on-page.tsx'), 'TrainOnPage'),
  ),
  page(
    '/create/$draft/$step',
    lazyRouteComponent(() => import('../features/create/views/create-page.tsx'), 'CreatePage'),
  ),
  page(
    '/runs',
    lazyRouteComponent(() => import('../features/runs/views/runs-page.tsx'), 'RunsPage'),
  ),
  page(
    '/runs/$id',
    lazyRouteComponent(() => import('../features/runs/views/run-page.tsx'), 'RunPage'),
  ),
  page(
    '/data',
    lazyRouteComponent(() => import('../features/data/views/datasets-page.tsx'), 'DatasetsPage'),
  ),
  page(
    '/data/import',
    lazyRouteComponent(() => import('../features/data/views/import-page.tsx'), 'ImportPage'),
  ),
  page(
    '/data/diff',
    lazyRouteComponent(() => import('../features/data/views/diff-page.tsx'), 'DiffPage'),
  ),
  page(
    '/data/$name/$version',
    lazyRouteComponent(() => import('../features/data/views/version-page.tsx'), 'VersionPage'),
  ),
  page(
    '/data/$name/$version/$tab',
    lazyRouteComponent(() => import('../features/data/views/version-page.tsx'), 'VersionPage'),
  ),
  page(
    '/compare',
    lazyRouteComponent(() => import('../features/compare/views/compare-page.tsx'), 'ComparePage'),
  ),
  page(
    '/compare/$id',
    lazyRouteComponent(() => import('../features/compare/views/comparison-page.tsx'), 'ComparisonPage'),
  ),
  page(
    '/models',
    lazyRouteComponent(() => import('../features/models/views/models-page.tsx'), 'ModelsPage'),
  ),
  page(
    '/models/$name/$version/chat',
    lazyRouteComponent(() => import('../features/models/views/chat-page.tsx'), 'ChatPage'),
  ),
  page(
    '/server',
    lazyRouteComponent(() => import('../features/server/views/server-page.tsx'), 'ServerPage'),
  ),
  page(
    '/server/log',
    lazyRouteComponent(() => import('../features/server/views/log-page.tsx'), 'LogPage'),
  ),
  page(
    '/settings',
    lazyRouteComponent(() => import('../features/settings/views/settings-page.tsx'), 'SettingsPage'),
  ),
  page(
    '/settings/$section',
    lazyRouteComponent(() => import('../features/settings/views/settings-page.tsx'), 'SettingsPage'),
  ),
];

const gallery = lazyRouteComponent(() => import('../features/gallery/views/gallery-page.tsx'), 'GalleryPage');
const galleryRoutes = ['/gallery', '/gallery/$id'].map((path) =>
  createRoute({ getParentRoute: () => root, path, component: gallery }),
);

function page(path: string, component: RouteComponent) {
  return createRoute({ getParentRoute: () => framed, path, component, errorComponent: LostPage });
}

/** Hash history: the same build works behind the desktop shell's protocol and behind HTTP. */
export function createWindowRouter() {
  return createRouter({
    routeTree: root.addChildren([framed.addChildren(inFrame), ...galleryRoutes]),
    history: createHashHistory(),
    defaultPreload: 'intent',
    scrollRestoration: true,
  });
}
