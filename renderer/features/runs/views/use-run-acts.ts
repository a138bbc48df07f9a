import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { failureOf } from '../../../connection/engine-access.ts';
import { useEngine } from '../../../connection/engine-context.tsx';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useToast } from '../../../ui/toast.tsx';
import { useUndo } from '../../../ui/undo.ts';
import { createRunsStore, type RunsState } from '../runs-store.ts';
import { useRunsWords, type RunsWords } from '../runs-words.ts';
import { noFilter, runLists, type RunAction, type RunSubject } from '../selectors.ts';
import { speakerNow } from '../../../words/speaker.ts';

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
  const store = useEngine().storeOf(createRunsStore);
  return useMemo(() => {
    const tell = (error: unknown): void => {
      const { message, remedy } = speakerNow().failure(failureOf(error));
      toast({ tone: 'bad', text: `${message} ${remedy}` });
    };
    const go: Surroundings['go'] = (to) => navigate(to);
    const acts = actsOf(runs, { words, offerUndo, tell, go, behind: (id) => behindInQueue(store.getState(), id) });
    return {
      act: (action, subject) => acts[action](subject),
      move: (id, before) => void runs.move(id, before).catch(tell),
    };
  }, [words, toast, offerUndo, navigate, runs, store]);
}

type Actions = ReturnType<typeof actionsOf>;

function actionsOf(state: RunsState) {
  const { move, cancel, resume, putBack, remove, duplicate, setHidden } = state;
  const { pauseWorker, resumeWorker, finishWorker, cancelWorker, retryWorker } = state;
  return {
    move,
    cancel,
    resume,
    putBack,
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
  /** The one that waits right after this one; null for the last. */
  readonly behind: (id: string) => string | null;
  readonly go: (
    place: { to: '/runs' } | { to: '/create/$draft/$step'; params: { draft: string; step: string } },
  ) => Promise<void>;
}

function actsOf(
  runs: Actions,
  { words, offerUndo, tell, go, behind }: Surroundings,
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
      const next = behind(mainJob.id);
      const cancelled = runs.cancel(mainJob.id).catch(tell);
      const text = words(mainJob.state === 'waiting' ? 'takenOut' : 'cancelled', { name: nameOf(subject) });
      const undo = (): void => attempt(cancelled.then(() => runs.putBack(mainJob.id, next)));
      offerUndo({ text, undo, commit: () => cancelled });
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
      const { id, state } = subject.mainJob;
      const next = behind(id);
      const isWaiting = state === 'waiting';
      // Out of the queue at once: it must not begin while its removal can still be undone.
      const stopped = isWaiting ? runs.cancel(id).catch(tell) : Promise.resolve();
      const show = (): void => runs.setHidden(id, false);
      const removeForGood = (): Promise<void> =>
        stopped
          .then(() => runs.remove(id))
          .catch(tell)
          .finally(show);
      const undo = (): void => {
        show();
        if (isWaiting) attempt(stopped.then(() => runs.putBack(id, next)));
      };
      runs.setHidden(id, true);
      const text = words(isWaiting ? 'removedWaiting' : 'removed', { name: nameOf(subject) });
      offerUndo({ text, undo, commit: removeForGood });
      attempt(go({ to: '/runs' }));
    },
  };
}

function behindInQueue({ mainJobs }: RunsState, id: string): string | null {
  const { waiting } = runLists(mainJobs.values(), new Set(), noFilter);
  const place = waiting.findIndex((view) => view.id === id);
  return place < 0 ? null : (waiting[place + 1]?.id ?? null);
}

/** `support:v3`; a worker that no main job started has the name it was given. */
export function nameOf({ mainJob, worker }: RunSubject): string {
  return mainJob === null ? (worker?.name ?? '') : `${mainJob.name}:v${mainJob.version}`;
}
