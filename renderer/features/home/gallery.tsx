import type { GalleryEntry } from '../../ui/gallery-entry.ts';
import { comparisonOf, failure, homeOf, modelOf, moment, runOf, runningRun, servingOf, stopped } from './fixtures.ts';
import { HomeView, type HomeViewProps } from './views/home-view.tsx';

const nothing = (): void => undefined;

const entry = (id: string, title: string, props: Pick<HomeViewProps, 'data' | 'serving'>): GalleryEntry => ({
  id: `home/${id}`,
  title: `Home, ${title}`,
  render: () => <HomeView {...props} onRetry={nothing} onSample={nothing} />,
});

const failed = runOf({
  id: 'run-2',
  version: 2,
  state: 'failed',
  updatedAt: moment - 90_000_000,
  failure: { ...failure, message: 'The training process ran out of memory at step 12.' },
});
const history = [
  runOf(),
  failed,
  runOf({ id: 'run-1', version: 1, state: 'cancelled', steps: [], updatedAt: moment - 180_000_000 }),
];

export const homeGallery: readonly GalleryEntry[] = [
  entry('loading', 'being read', { data: homeOf([], { mainJobs: null, models: null }), serving: null }),
  entry('empty', 'nothing yet', {
    data: homeOf([], { models: [], comparisons: [], sample: { totalSeconds: 360, downloadBytes: 640_000_000 } }),
    serving: servingOf({ ...stopped, families: [] }),
  }),
  entry('first-run', 'the first model is being made', {
    data: homeOf([runningRun], { models: [], comparisons: [] }),
    serving: servingOf({ ...stopped, families: [] }),
  }),
  entry('served', 'served, something runs', { data: homeOf([...history, runningRun]), serving: servingOf() }),
  entry('stopped', 'ready, server stopped', {
    data: homeOf(history, { comparisons: [] }),
    serving: servingOf(stopped),
  }),
  entry('no-difference', 'no difference visible', {
    data: homeOf(history, {
      models: [
        modelOf({
          baseScore: 41,
          tunedScore: 44,
          interval: [-4, 9],
          verdict: "No difference visible; with 83 rows in 41 groups changes under 9 points can't be seen.",
        }),
      ],
    }),
    serving: servingOf(),
  }),
  entry('server-failed', 'server failed', {
    data: homeOf([...history, failed], {
      comparisons: [comparisonOf(), comparisonOf({ id: 'two', title: '', state: 'stopped' })],
    }),
    serving: servingOf({ ...stopped, state: 'failed', failure }),
  }),
  entry('failing', 'engine away', { data: homeOf([], { mainJobs: null, failure }), serving: null }),
];
