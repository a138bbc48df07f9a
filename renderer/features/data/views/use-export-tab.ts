import { useEffect } from 'react';
import { useShallow } from 'zustand/shallow';
import type { VersionReference } from '#contract/dataset-versions.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useShell } from '../../../shell/use-shell.ts';
import { useAct } from '../../compare/use-act.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import { createExportStore, type ExportState } from '../export-store.ts';
import type { ExportTabProps } from './export-tab.tsx';

const all = (state: ExportState): ExportState => state;

/** The export of a version; what was chosen stays while one goes elsewhere and comes back. */
export function useExportTab(reference: VersionReference): ExportTabProps {
  const state = useStoreOf(createExportStore, useShallow(all));
  const words = useDatasetsWords();
  const shell = useShell();
  const act = useAct();
  const { openFor } = state;
  const { name, version } = reference;
  useEffect(() => openFor({ name, version }), [openFor, name, version]);
  const pick = async (): Promise<void> => {
    const place = await shell.pickPath({ kind: 'folder', title: words('pickExportFolder'), suggested: null });
    // The folder is made: what was chosen holds it.
    if (place !== null) state.change({ to: `${place.replace(/[\\/]$/, '')}/${name}-v${version}-${state.format}` });
  };
  return {
    isReady: state.reference?.name === name && state.reference.version === version,
    state,
    handlers: {
      change: state.change,
      look: () => act(state.look()),
      write: () => act(state.write()),
      stop: () => act(state.stop()),
      pick: shell.canPickPath ? () => act(pick()) : null,
    },
  };
}
