import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { useShallow } from 'zustand/shallow';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useShell } from '../../../shell/use-shell.ts';
import { useToast, useUndo } from '../../../ui/toast-context.ts';
import { useAct } from '../../compare/use-act.ts';
import { modelRows } from '../model-rows.ts';
import { createModelsStore, type ModelsState } from '../models-store.ts';
import { useModelsWords } from '../models-words.ts';
import type { ModelHandlers } from './models-props.ts';
import { ModelsView } from './models-view.tsx';

const everything = (state: ModelsState): ModelsState => state;

/** `/models` */
export function ModelsPage() {
  const state = useStoreOf(createModelsStore, useShallow(everything));
  const { open, versions, serving, mainJobs, hidden } = state;
  useEffect(() => open(), [open]);
  const rows = useMemo(
    () => (versions === null ? null : modelRows(versions, { serving, mainJobs, hidden })),
    [versions, serving, mainJobs, hidden],
  );
  return <ModelsView rows={rows} state={state} handlers={useHandlers(state)} />;
}

function useHandlers(state: ModelsState): ModelHandlers {
  const words = useModelsWords();
  const navigate = useNavigate();
  const act = useAct();
  const toast = useToast();
  const offerUndo = useUndo();
  return {
    select: state.select,
    chat: ({ version }) => void navigate({ to: `/models/${version.name}/v${version.version}/chat` }),
    openRun: (mainJob) => void navigate({ to: `/runs/${encodeURIComponent(mainJob)}` }),
    serve: ({ id }, version) => act(state.serve(id, version)),
    deploy: ({ id }) =>
      act(state.deploy(id).then((text) => text !== null && toast({ text: `Ollama: ${text}`, tone: 'good' }))),
    endDeploy: ({ id }) => state.endDeploy(id),
    withdraw: ({ id }) => act(state.withdraw(id).then(() => toast({ text: words('withdrawn', { id }) }))),
    export: (request) => act(state.export(request)),
    endExport: state.endExport,
    reveal: useReveal(),
    remove({ id }) {
      state.hide(id);
      offerUndo({ text: words('removed', { id }), undo: () => state.unhide(id), commit: () => state.remove(id) });
    },
    retry: () => act(state.reload()),
  };
}

/** Shows a file or folder where the window can, else copies its path. */
function useReveal(): (path: string) => void {
  const words = useModelsWords();
  const shell = useShell();
  const toast = useToast();
  const act = useAct();
  return (path) => {
    const shown = shell.reveal(path).then(async (isShown) => {
      if (isShown) return;
      await shell.copy(path);
      toast({ text: words('pathCopied') });
    });
    act(shown);
  };
}
