import { useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { MainJobView } from '#contract/main-job.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { createRunsPageStore } from '../runs-page-store.ts';
import { createRunsStore } from '../runs-store.ts';
import { curveJob, runLists } from '../selectors.ts';
import { RunsView } from './runs-view.tsx';
import { useRunActs } from './use-run-acts.ts';

/** `/runs` */
export function RunsPage() {
  const isLoaded = useStoreOf(createRunsStore, (state) => state.isLoaded);
  const mainJobs = useStoreOf(createRunsStore, (state) => state.mainJobs);
  const workers = useStoreOf(createRunsStore, (state) => state.workers);
  const hidden = useStoreOf(createRunsStore, (state) => state.hidden);
  const filter = useStoreOf(createRunsPageStore, (state) => state.filter);
  const setFilter = useStoreOf(createRunsPageStore, (state) => state.setFilter);
  const navigate = useNavigate();
  const { act, move } = useRunActs();
  const lists = useMemo(() => runLists(mainJobs.values(), hidden, filter), [mainJobs, hidden, filter]);
  const workerOf = useCallback((view: MainJobView) => workers.get(runningJob(view) ?? '') ?? null, [workers]);
  const onOpen = useCallback((id: string) => void navigate({ to: '/runs/$id', params: { id } }), [navigate]);
  return (
    <RunsView
      lists={isLoaded ? lists : null}
      total={mainJobs.size}
      filter={filter}
      onFilter={setFilter}
      workerOf={workerOf}
      onAct={act}
      onMove={move}
      onOpen={onOpen}
    />
  );
}

/** The worker of the step that runs now; a pause is about that one. */
function runningJob(view: MainJobView): string | null {
  return view.steps.find(({ state }) => state === 'running')?.job ?? curveJob(view);
}
