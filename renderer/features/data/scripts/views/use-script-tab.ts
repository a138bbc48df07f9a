import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useShallow } from 'zustand/shallow';
import type { VersionReference } from '#contract/dataset-versions.ts';
import { useStoreOf } from '../../../../connection/use-store.ts';
import { useAct } from '../../../compare/use-act.ts';
import { useDatasetsWords } from '../../datasets-words.ts';
import { createFiltersStore } from '../../filters-store.ts';
import { longestSource, scriptNameFor } from '../script-text.ts';
import { createScriptsStore, type ScriptsState } from '../scripts-store.ts';
import type { ScriptTabProps } from './script-tab.tsx';

const all = (state: ScriptsState): ScriptsState => state;

/** The script over a version; its text stays while one goes elsewhere and comes back. `isShown`: sandboxes are only looked for where they are seen. */
export function useScriptTab(reference: VersionReference, isShown: boolean): Omit<ScriptTabProps, 'version'> {
  const state = useStoreOf(createScriptsStore, useShallow(all));
  const addStep = useStoreOf(createFiltersStore, (filters) => filters.addStep);
  const words = useDatasetsWords();
  const navigate = useNavigate();
  const act = useAct();
  const [problem, setProblem] = useState<string | null>(null);
  const { openFor, read } = state;
  const { name, version } = reference;
  useEffect(() => openFor({ name, version }), [openFor, name, version]);
  useEffect(() => {
    if (isShown) void read();
  }, [read, isShown]);
  const bring = async (file: File): Promise<void> => {
    if (!/\.py$/i.test(file.name)) return setProblem(words('scriptFileKind', { name: file.name }));
    // A character has at most four bytes.
    const source = file.size > longestSource * 4 ? '' : await file.text();
    if (source.trim() === '' || source.length > longestSource)
      return setProblem(words('scriptFileTooLong', { name: file.name }));
    setProblem(null);
    state.bring(scriptNameFor(file.name), source);
  };
  const others = (change: () => void): void => {
    setProblem(null);
    change();
  };
  return {
    state,
    problem,
    handlers: {
      ...state,
      startOver: () => others(state.startOver),
      openKept: (script) => others(() => act(state.openKept(script))),
      bring: (file) => void bring(file),
      lookForSandboxes: () => act(state.lookForSandboxes()),
      lookForAllSandboxes: () => act(state.lookForAllSandboxes()),
      tryIt: () => act(state.run('try', null)),
      runAll: (as) => act(state.run('all', as)),
      stop: () => act(state.stop()),
      addAsStep() {
        act(
          state.keepAsStep().then((step) => {
            addStep(step);
            void navigate({ to: `/data/${name}/v${version}/filters` });
          }),
        );
      },
    },
  };
}
