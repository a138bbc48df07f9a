import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { failureOf } from '../../../connection/engine-access.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useToast } from '../../../ui/toast.tsx';
import { useUndo } from '../../../ui/undo.ts';
import { createRunsStore, type RunsState } from '../runs-store.ts';
import { useRunsWords, type RunsWords } from '../runs-words.ts';
import type { RunAction, RunSubject } from '../selectors.ts';

export interface RunActs {
  act(action: RunAction, subject: RunSubject): void;
  move(id: string, before: string | null): void;
}

/** What can be done with runs, with Undo where it can be taken back; what the engine refuses is told. */
export function useRunActs(): RunActs {
  const words = useRunsWords();
  const toast = useToast();
  const offerUndo = useUndo();
  const navigate = useNavigate();
  const runs = useStoreOf(createRunsStore, useShallow(actionsOf));
  return useMemo(() => {
    const tell = (error: unknown): void => {
      const { message, remedy } = failureOf(error);
      toast({ tone: 'bad', text: `${message} ${remedy}` });
    };
    const go: Surroundings['go'] = (to) => navigate(to);
    const acts = actsOf(runs, { words, offerUndo, tell, go });
    return {
      act: (action, subject) => acts[action](subject),
      move: (id, before) => void runs.move(id, before).catch(tell),
    };
  }, [words, toast, offerUndo, navigate, runs]);
}

type Actions = ReturnType<typeof actionsOf>;

function actionsOf(state: RunsState) {
  const { move, cancel, resume, remove, duplicate, setHidden } = state;
  const { pauseWorker, resumeWorker, finishWorker, cancelWorker, retryWorker } = state;
  return {
    move,
    cancel,
    resume,
    remove,
    duplicate,
    setHidden,
    pauseWorker,
    resumeWorker,
    finishWorker,
    cancelWorker,
    retryWorker,
  };
}

interface Surroundings {
  readonly words: RunsWords;
  readonly offerUndo: ReturnType<typeof useUndo>;
  readonly tell: (error: unknown) => void;
  readonly go: (
    place: { to: '/runs' } | { to: '/create/$draft/$step'; params: { draft: string; step: string } },
  ) => Promise<void>;
}

function actsOf(
  runs: Actions,
  { words, offerUndo, tell, go }: Surroundings,
): Record<RunAction, (subject: RunSubject) => void> {
  const attempt = (work: Promise<unknown>): void => void work.catch(tell);
  return {
    pause: ({ worker }) => worker !== null && attempt(runs.pauseWorker(worker.id)),
    resume: ({ worker }) => worker !== null && attempt(runs.resumeWorker(worker.id)),
    finish: (subject) => {
      const { worker } = subject;
      if (worker === null) return;
      // The training goes on while it can still be undone; nothing is lost by waiting.
      const finish = (): Promise<void> => runs.finishWorker(worker.id).catch(tell);
      offerUndo({ text: words('finishing', { name: nameOf(subject) }), commit: finish });
    },
    cancel: (subject) => {
      const { mainJob, worker } = subject;
      if (mainJob === null) return worker === null ? undefined : attempt(runs.cancelWorker(worker.id));
      const cancelled = runs.cancel(mainJob.id).catch(tell);
      const text = words('cancelled', { name: nameOf(subject) });
      offerUndo({ text, undo: () => attempt(cancelled.then(() => runs.resume(mainJob.id))), commit: () => cancelled });
    },
    goOn: ({ mainJob, worker }) => {
      if (mainJob !== null) attempt(runs.resume(mainJob.id));
      else if (worker !== null) attempt(runs.retryWorker(worker.id));
    },
    duplicate: ({ mainJob }) => {
      if (mainJob === null) return;
      const kept = runs.duplicate(mainJob.id);
      attempt(kept.then((draft) => go({ to: '/create/$draft/$step', params: { draft, step: 'plan' } })));
    },
    remove: (subject) => {
      if (subject.mainJob === null) return;
      const { id } = subject.mainJob;
      const putBack = (): void => runs.setHidden(id, false);
      const removeForGood = (): Promise<void> => runs.remove(id).catch(tell).finally(putBack);
      runs.setHidden(id, true);
      offerUndo({ text: words('removed', { name: nameOf(subject) }), undo: putBack, commit: removeForGood });
      attempt(go({ to: '/runs' }));
    },
  };
}

/** `support:v3`; a worker that no main job started has the name it was given. */
export function nameOf({ mainJob, worker }: RunSubject): string {
  return mainJob === null ? (worker?.name ?? '') : `${mainJob.name}:v${mainJob.version}`;
}
