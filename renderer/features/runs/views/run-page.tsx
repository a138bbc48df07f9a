import { useParams } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useStoreOf } from '../../../connection/use-store.ts';
import { LinkButton } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Page } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { createMetersStore } from '../meters-store.ts';
import { createRunStore } from '../run-store.ts';
import { createRunsStore } from '../runs-store.ts';
import { useRunsWords } from '../runs-words.ts';
import { curveJob, type RunSubject } from '../selectors.ts';
import type { ConsoleSource } from './console-source.ts';
import type { Overlay } from './run-charts.tsx';
import type { RunTab } from './run-details.tsx';
import { RunView } from './run-view.tsx';
import { nameOf, useRunActs } from './use-run-acts.ts';

/** `/runs/$id`: the id of a main job, or of a worker job that none has started. */
export function RunPage() {
  const { id = '' } = useParams({ strict: false });
  const words = useRunsWords();
  const isLoaded = useStoreOf(createRunsStore, (state) => state.isLoaded);
  const subject = useSubject(id);
  const isMissing = useStoreOf(createRunsStore, ({ missing }) => missing.has(id));
  const lookUp = useStoreOf(createRunsStore, (state) => state.lookUp);
  const isUnknown = isLoaded && subject === null && !isMissing;
  // The newest are known; any other is asked for by its id.
  useEffect(() => {
    if (isUnknown) lookUp(id).catch((error: unknown) => console.warn('The run could not be looked up.', error));
  }, [isUnknown, lookUp, id]);
  if (subject !== null) return <Run key={id} subject={subject} />;
  if (!isMissing) {
    return (
      <Page title={words('run')}>
        <Skeleton height={26} />
      </Page>
    );
  }
  return (
    <Page title={words('run')}>
      <EmptyState
        title={words('notFoundTitle')}
        text={words('notFoundText')}
        actions={<LinkButton to="/runs">{words('toRuns')}</LinkButton>}
      />
    </Page>
  );
}

function Run({ subject }: { readonly subject: RunSubject }) {
  const { act } = useRunActs();
  const job = (subject.mainJob === null ? null : curveJob(subject.mainJob)) ?? subject.worker?.id ?? null;
  const run = useOpenRun(job);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const candidates = useCandidates(job);
  const [tab, setTab] = useState<RunTab>('console');
  const overlays = useOverlays(chosen, candidates);
  return (
    <RunView
      subject={subject}
      run={run}
      overlays={overlays}
      choice={{ candidates, chosen, onChoose: setChosen }}
      details={{
        console: useConsoleSource(job, subject.worker?.attempt ?? 0),
        readings: useReadings(tab === 'meters'),
        onTab: setTab,
        // The details are drawn anew when the next step brings another job; what was looked at stays open.
        firstTab: tab,
      }}
      onAct={act}
    />
  );
}

function useSubject(id: string): RunSubject | null {
  const mainJob = useStoreOf(createRunsStore, ({ mainJobs }) => mainJobs.get(id) ?? null);
  const workerId =
    mainJob === null ? id : (mainJob.steps.find(({ state }) => state === 'running')?.job ?? curveJob(mainJob) ?? '');
  const worker = useStoreOf(createRunsStore, ({ workers }) => workers.get(workerId) ?? null);
  return useMemo(() => (mainJob === null && worker === null ? null : { mainJob, worker }), [mainJob, worker]);
}

/** Reads the run for as long as the page stands. */
function useOpenRun(job: string | null) {
  const open = useStoreOf(createRunStore, (state) => state.open);
  useEffect(() => (job === null ? undefined : open(job)), [job, open]);
  return useStoreOf(createRunStore, ({ runs }) => runs[job ?? ''] ?? null);
}

/** Other runs that were trained, newest first. */
function useCandidates(job: string | null) {
  const mainJobs = useStoreOf(createRunsStore, (state) => state.mainJobs);
  return useMemo(
    () =>
      [...mainJobs.values()]
        .sort((one, other) => other.createdAt - one.createdAt)
        .flatMap((mainJob) => {
          const training = mainJob.steps.find(({ step }) => step === 'train')?.job ?? null;
          return training === null || training === job
            ? []
            : [{ job: training, name: nameOf({ mainJob, worker: null }) }];
        })
        .slice(0, mostCandidates),
    [mainJobs, job],
  );
}

const mostCandidates = 30;

function useOverlays(
  chosen: readonly string[],
  candidates: readonly { readonly job: string; readonly name: string }[],
): readonly Overlay[] {
  const open = useStoreOf(createRunStore, (state) => state.open);
  const runs = useStoreOf(createRunStore, (state) => state.runs);
  useEffect(() => {
    const closes = chosen.map((job) => open(job));
    return () => closes.forEach((close) => close());
  }, [chosen, open]);
  // The runs' facts change often, their series never: the lines stay the same ones while they grow.
  const known = chosen.filter((job) => runs[job] !== undefined).join(' ');
  return useMemo(
    () =>
      known.split(' ').flatMap((job) => {
        const run = runs[job];
        const name = candidates.find((candidate) => candidate.job === job)?.name;
        return run === undefined || name === undefined ? [] : [{ name, run }];
      }),
    [known],
  );
}

function useConsoleSource(job: string | null, attempt: number): ConsoleSource {
  const openConsole = useStoreOf(createRunStore, (state) => state.openConsole);
  const readConsole = useStoreOf(createRunStore, (state) => state.readConsole);
  return useMemo(
    () => ({
      key: `${job ?? ''}/${attempt}`,
      open: (sink) => (job === null ? () => undefined : openConsole(job, sink)),
      read: async (range) => (job === null ? '' : readConsole(job, range)),
    }),
    [job, attempt, openConsole, readConsole],
  );
}

function useReadings(isWanted: boolean) {
  const open = useStoreOf(createMetersStore, (state) => state.open);
  useEffect(() => (isWanted ? open() : undefined), [isWanted, open]);
  return useStoreOf(createMetersStore, (state) => state.readings);
}
