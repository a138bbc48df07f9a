import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { useShallow } from 'zustand/shallow';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useToast, useUndo } from '../../../ui/toast-context.ts';
import { useAct } from '../../compare/use-act.ts';
import { datasetRows, versionId } from '../dataset-rows.ts';
import { createDatasetsStore, type DatasetsState } from '../datasets-store.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import { jobsShown } from '../foundry-jobs.ts';
import { createImportStore } from '../import-store.ts';
import { DatasetsView, type DatasetHandlers } from './datasets-view.tsx';
import { DropToImport } from './drop-to-import.tsx';
import { useBringDatasets } from './use-bring-datasets.ts';

const everything = (state: DatasetsState): DatasetsState => state;

/** `/data` */
export function DatasetsPage() {
  const state = useStoreOf(createDatasetsStore, useShallow(everything));
  const { open, versions, jobs, putAway } = state;
  useEffect(() => open(), [open]);
  const rows = useMemo(() => (versions === null ? null : datasetRows(versions)), [versions]);
  const shownJobs = useMemo(() => jobsShown(jobs, putAway), [jobs, putAway]);
  const handlers = useHandlers(state);
  return (
    <>
      <DatasetsView
        rows={rows}
        jobs={shownJobs}
        failure={state.failure}
        selected={state.selected}
        handlers={handlers}
      />
      <DropToImport />
    </>
  );
}

function useHandlers(state: DatasetsState): DatasetHandlers {
  const words = useDatasetsWords();
  const navigate = useNavigate();
  const act = useAct();
  const toast = useToast();
  const offerUndo = useUndo();
  const forget = useStoreOf(createImportStore, (importing) => importing.forget);
  const { fromDropped } = useBringDatasets();
  return {
    select: state.select,
    open: ({ name, version }) =>
      void navigate({ to: '/data/$name/$version', params: { name, version: `v${version}` } }),
    bring() {
      forget();
      void navigate({ to: '/data/import' });
    },
    drop: fromDropped,
    act: (job, what) => act(state.act(job, what)),
    putAway: state.putJobAway,
    remove(references) {
      const id = references.length === 1 ? references.map(versionId).join() : (references[0]?.name ?? '');
      const restore = (): void =>
        act(state.restore(references).then(() => toast({ text: words('restored', { id }), tone: 'good' })));
      act(
        state.remove(references).then((models) => {
          const text = words(models.length === 0 ? 'removed' : 'removedUsed', { id, models: models.join(', ') });
          offerUndo({ text, undo: restore, commit: () => undefined });
        }),
      );
    },
    retry: () => act(state.reload()),
  };
}
