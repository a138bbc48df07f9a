import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useShallow } from 'zustand/shallow';
import type { VersionReference } from '#contract/dataset-versions.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useAct } from '../../compare/use-act.ts';
import { createDatasetsStore } from '../datasets-store.ts';
import { createFiltersStore, type FiltersState } from '../filters-store.ts';
import type { FiltersTabProps } from './filters-tab.tsx';
import { useBasesHere, useDomains } from './use-choices.ts';

const all = (state: FiltersState): FiltersState => state;

/** The filters of a version; they stay as they are while one goes elsewhere and comes back. */
export function useFilterTab(reference: VersionReference): Omit<FiltersTabProps, 'version'> {
  const state = useStoreOf(createFiltersStore, useShallow(all));
  const take = useStoreOf(createDatasetsStore, (datasets) => datasets.take);
  const navigate = useNavigate();
  const domains = useDomains();
  const bases = useBasesHere();
  const act = useAct();
  const { openFor } = state;
  const { name, version } = reference;
  useEffect(() => openFor({ name, version }), [openFor, name, version]);
  return {
    domains,
    bases,
    state,
    handlers: {
      ...state,
      writeScript: () => void navigate({ to: `/data/${name}/v${version}/script` }),
      count: () => act(state.count()),
      stopCounting: () => act(state.stopCounting()),
      freeze(as) {
        act(
          state.freeze(as, null).then((job) => {
            take(job);
            void navigate({ to: '/data' });
          }),
        );
      },
    },
  };
}
