import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { MainJobView } from '#contract/main-job.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { createFinishedStore } from '../finished-store.ts';
import { createRunsStore } from '../runs-store.ts';
import { curveJob, runLists, type RunLists } from '../selectors.ts';
import type { PagedFinished } from './finished-table.tsx';
import { RunsView } from './runs-view.tsx';
import { useRunActs } from './use-run-acts.ts';

/** `/runs` */
export function RunsPage() {
  const workers = useStoreOf(createRunsStore, (state) => state.workers);
  const navigate = useNavigate();
  const { act, move } = useRunActs();
  const { filter, look } = useStoreOf(createFinishedStore, useShallow(lookOf));
  const { lists, total, paged, failure, refresh } = useLists();
  const workerOf = useCallback((view: MainJobView) => workers.get(runningJob(view) ?? '') ?? null, [workers]);
  const onOpen = useCallback((id: string) => void navigate({ to: '/runs/$id', params: { id } }), [navigate]);
  return (
    <RunsView
      lists={lists}
      total={total}
      filter={filter}
      onFilter={(next) => look({ filter: next })}
      workerOf={workerOf}
      onAct={act}
      onMove={move}
      onOpen={onOpen}
      paged={paged}
      failure={failure}
      onRetry={() => void refresh()}
    />
  );
}

const lookOf = ({ filter, look }: ReturnType<ReturnType<typeof createFinishedStore>['getState']>) => ({ filter, look });

/** What runs and waits as it is told, what is over as the engine hands it out. */
function useLists() {
  const isLoaded = useStoreOf(createRunsStore, (state) => state.isLoaded);
  const mainJobs = useStoreOf(createRunsStore, (state) => state.mainJobs);
  const hidden = useStoreOf(createRunsStore, (state) => state.hidden);
  const endings = useStoreOf(createRunsStore, (state) => state.endings);
  const finishedState = useStoreOf(createFinishedStore, (state) => state);
  const { filter, sort, rows, total, all, look, more, refresh, failure } = finishedState;
  useEffect(() => {
    if (endings > 0) void refresh();
  }, [endings, refresh]);
  const lists = useMemo((): RunLists | null => {
    if (!isLoaded || rows === null) return null;
    const finished = rows.filter(({ id }) => !hidden.has(id) && !isActive(mainJobs.get(id)));
    return { ...runLists(mainJobs.values(), hidden, filter), finished };
  }, [isLoaded, mainJobs, hidden, filter, rows]);
  const active = [...mainJobs.values()].filter(isActive).length;
  const paged = useMemo(
    (): PagedFinished => ({ total, sort, onSort: (next: typeof sort) => look({ sort: next }), onMore: more }),
    [total, sort, look, more],
  );
  return { lists, total: active + all, paged, failure, refresh };
}

/** It may have begun again since the page was read. */
function isActive(view: MainJobView | undefined): boolean {
  return view?.state === 'running' || view?.state === 'waiting';
}

/** The worker of the step that runs now; a pause is about that one. */
function runningJob(view: MainJobView): string | null {
  return view.steps.find(({ state }) => state === 'running')?.job ?? curveJob(view);
}
