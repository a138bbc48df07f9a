import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { useShallow } from 'zustand/shallow';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useShell } from '../../../shell/use-shell.ts';
import { useAct } from '../../compare/use-act.ts';
import { createDatasetsStore, type DatasetsState } from '../datasets-store.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import { createImportStore, type ImportState } from '../import-store.ts';
import { DropToImport } from './drop-to-import.tsx';
import { ImportView, type ImportHandlers } from './import-view.tsx';
import { useBringDatasets } from './use-bring-datasets.ts';
import { useDomains } from './use-choices.ts';

const all = (state: ImportState): ImportState => state;
const allDatasets = (state: DatasetsState): DatasetsState => state;

/** `/data/import` */
export function ImportPage() {
  const state = useStoreOf(createImportStore, useShallow(all));
  const datasets = useStoreOf(createDatasetsStore, useShallow(allDatasets));
  const { open, jobs, versions } = datasets;
  useEffect(() => open(), [open]);
  const job = jobs.find(({ id }) => id === state.job) ?? null;
  const names = useMemo(() => new Set((versions ?? []).map(({ name }) => name)), [versions]);
  return (
    <>
      <ImportView {...{ state, job, names }} domains={useDomains()} handlers={useHandlers(state, datasets)} />
      <DropToImport />
    </>
  );
}

function useHandlers(state: ImportState, datasets: DatasetsState): ImportHandlers {
  const navigate = useNavigate();
  const shell = useShell();
  const words = useDatasetsWords();
  const act = useAct();
  const bring = useBringDatasets();
  return {
    files: bring.fromFiles,
    paths: bring.fromPaths,
    folder: bring.fromFolder,
    source: bring.fromSource,
    pick: shell.canPickPath
      ? (kind) =>
          act(
            shell
              .pickPath({ kind, title: words('pickTitle'), suggested: null })
              .then((path) => path !== null && bring.fromPaths([path])),
          )
      : null,
    choosePart: state.choosePart,
    stopBringing: state.stopBringing,
    change: (change) => act(state.change(change)),
    chooseRecord: state.chooseRecord,
    look: () => act(state.look()),
    start() {
      act(state.start().then((job) => job !== null && datasets.take(job)));
    },
    startOver: state.forget,
    act: (job, what) => act(datasets.act(job, what)),
    putAway: state.forget,
    open: ({ name, version }, tab) =>
      void navigate({ to: tab === undefined ? `/data/${name}/v${version}` : `/data/${name}/v${version}/${tab}` }),
  };
}
