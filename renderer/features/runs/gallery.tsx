import type { GalleryEntry } from '../../ui/gallery-entry.ts';
import { Page } from '../../ui/page.tsx';
import { LineChart } from '../../charts/line-chart.tsx';
import {
  consoleFixture,
  failedFixture,
  mainJobFixture,
  manyFinished,
  meterFixtures,
  recordedRun,
  succeededFixture,
  waitingFixture,
  workerFixture,
  type RunFixture,
} from './fixtures.ts';
import type { OpenRun } from './run-store.ts';
import { noFilter, runLists, type RunFilter, type RunSubject } from './selectors.ts';
import { StressPage } from './stress.tsx';
import type { ConsoleSource } from './views/console-source.ts';
import type { RunTab } from './views/run-details.tsx';
import { RunView } from './views/run-view.tsx';
import { RunsView } from './views/runs-view.tsx';
import type { MainJobView } from '#contract/main-job.ts';

const nothing = (): void => undefined;
const filterThatHides: RunFilter = { text: 'nothing is called that', state: 'all' };

function runsOf(mainJobs: readonly MainJobView[] | null, filter: RunFilter = noFilter) {
  return (
    <RunsView
      lists={mainJobs === null ? null : runLists(mainJobs, new Set(), filter)}
      total={mainJobs?.length ?? 0}
      filter={filter}
      onFilter={nothing}
      workerOf={({ version }) => workerFixture(version === 5 ? { state: 'paused' } : {})}
      onAct={nothing}
      onMove={nothing}
      onOpen={nothing}
    />
  );
}

const fullList: readonly MainJobView[] = [
  mainJobFixture(),
  mainJobFixture({ version: 5, step: { text: 'training step 20 of 240', fraction: 0.08 } }),
  waitingFixture('contracts', 1),
  waitingFixture('overnight-translation-with-a-long-name', 2),
  waitingFixture('intents', 3),
  succeededFixture,
  failedFixture,
  mainJobFixture({ name: 'intents', version: 7, state: 'cancelled' }),
];

const fixedConsole: ConsoleSource = {
  key: 'fixture',
  open(sink) {
    sink.onStart(1_300_000);
    sink.onText(consoleFixture);
    return nothing;
  },
  read: async () => consoleFixture,
};

const candidates = [
  { job: 'job-2', name: 'support:v2' },
  { job: 'job-1', name: 'support:v1' },
];

interface RunExample {
  readonly subject: RunSubject;
  readonly run: RunFixture | OpenRun | null;
  readonly tab?: RunTab;
  readonly isLaidOver?: boolean;
}

function RunExampleView({ subject, run, tab = 'console', isLaidOver = false }: RunExample) {
  const open = run === null || 'facts' in run ? run : recordedRun(run);
  const overlays = isLaidOver
    ? [
        { name: 'support:v2', run: recordedRun({ job: 'job-2', seed: 8, slope: 0.02, steps: 160 }) },
        { name: 'support:v1', run: recordedRun({ job: 'job-1', seed: 2, slope: 0.012, steps: 200 }) },
      ]
    : [];
  return (
    <RunView
      subject={subject}
      run={open}
      overlays={overlays}
      choice={{ candidates, chosen: isLaidOver ? ['job-2', 'job-1'] : [], onChoose: nothing }}
      details={{ console: fixedConsole, readings: meterFixtures(true), onTab: nothing, firstTab: tab }}
      onAct={nothing}
    />
  );
}

const live: RunSubject = { mainJob: mainJobFixture(), worker: workerFixture() };
const failure = failedFixture.failure;
const unreadable: OpenRun = { ...recordedRun({ steps: 1 }), status: 'failed', failure };

function runEntry(id: string, title: string, example: RunExample): GalleryEntry {
  return { id: `runs/${id}`, title, render: () => <RunExampleView {...example} /> };
}

const oneRun: readonly GalleryEntry[] = [
  runEntry('live', 'Run, live', { subject: live, run: {} }),
  runEntry('overlay', 'Run, others laid over', { subject: live, run: {}, isLaidOver: true, tab: 'settings' }),
  runEntry('diverged', 'Run, losses that were not numbers', { subject: live, run: { diverges: true }, tab: 'events' }),
  runEntry('loading', 'Run, being read', { subject: live, run: { ...recordedRun({ steps: 1 }), status: 'loading' } }),
  runEntry('not-begun', 'Run, before its training', {
    subject: { mainJob: waitingFixture('contracts', 2), worker: null },
    run: null,
  }),
  runEntry('first-step', 'Run, one step', { subject: live, run: { steps: 1 }, tab: 'invariants' }),
  runEntry('paused', 'Run, paused', {
    subject: { mainJob: mainJobFixture(), worker: workerFixture({ state: 'paused' }) },
    run: {},
    tab: 'meters',
  }),
  runEntry('finished', 'Run, over', {
    subject: { mainJob: succeededFixture, worker: workerFixture({ state: 'succeeded' }) },
    run: { steps: 180, ended: 'early-stop' },
    tab: 'files',
  }),
  runEntry('failed', 'Run, failed', {
    subject: { mainJob: failedFixture, worker: workerFixture({ state: 'failed' }) },
    run: { steps: 12 },
  }),
  runEntry('unreadable', 'Run, cannot be read', { subject: live, run: unreadable }),
];

const emptySeries = recordedRun({ steps: 0 }).series.loss;

export const runsGallery: readonly GalleryEntry[] = [
  { id: 'runs/empty', title: 'Runs, none yet', render: () => runsOf([]) },
  { id: 'runs/list-loading', title: 'Runs, loading', render: () => runsOf(null) },
  { id: 'runs/one', title: 'Runs, one', render: () => runsOf([mainJobFixture()]) },
  { id: 'runs/full', title: 'Runs, queue and past', render: () => runsOf(fullList) },
  { id: 'runs/hidden', title: 'Runs, the filter hides all', render: () => runsOf(fullList, filterThatHides) },
  { id: 'runs/many', title: 'Runs, 10,000', render: () => runsOf([...fullList, ...manyFinished(10_000)]) },
  ...oneRun,
  {
    id: 'charts/empty',
    title: 'Chart, no values yet',
    render: () => (
      <Page title="LineChart">
        <LineChart
          kind="gallery"
          title="Loss"
          xLabel="step"
          yLabel="loss (nats per token)"
          series={[{ id: 'a', label: 'training', data: emptySeries, colour: 'tuned', weight: 'thin' }]}
        />
      </Page>
    ),
  },
  { id: 'runs/stress', title: 'Run page under load', render: () => <StressPage /> },
];
