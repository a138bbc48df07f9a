import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useShallow } from 'zustand/shallow';
import type { VersionReference } from '#contract/dataset-versions.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useAct } from '../../compare/use-act.ts';
import { createChecksStore, type ChecksState } from '../checks-store.ts';
import { createDatasetsStore } from '../datasets-store.ts';
import { createVersionStore, usualQuery } from '../version-store.ts';
import type { SplitTabProps } from './split-tab.tsx';
import type { StudyTabProps } from './study-tab.tsx';

const all = (state: ChecksState): ChecksState => state;

/** Study and split of a version; what was found stays while one goes elsewhere and comes back. */
export function useCheckTabs(reference: VersionReference): {
  readonly study: StudyTabProps;
  readonly split: SplitTabProps;
} {
  const state = useStoreOf(createChecksStore, useShallow(all));
  const ask = useStoreOf(createVersionStore, (version) => version.ask);
  const take = useStoreOf(createDatasetsStore, (datasets) => datasets.take);
  const navigate = useNavigate();
  const act = useAct();
  const { openFor } = state;
  const { name, version } = reference;
  useEffect(() => openFor({ name, version }), [openFor, name, version]);
  const stop = (): void => act(state.stop());
  return {
    study: {
      isReady: state.reference?.name === name && state.reference.version === version,
      study: state.study,
      handlers: {
        read: () => act(state.readStudy()),
        make: () => act(state.makeStudy()),
        stop,
        show({ ids, lists }) {
          const madeAt = state.study.report?.madeAt;
          const all = madeAt === undefined || lists === undefined ? { ids } : { study: { madeAt, lists } };
          act(ask({ filter: { ...usualQuery.filter, ...all } }));
          void navigate({ to: `/data/${name}/v${version}/rows` });
        },
      },
    },
    split: {
      choice: state.choice,
      split: state.split,
      handlers: {
        choose: state.choose,
        count: () => act(state.countSplit()),
        stop,
        freeze() {
          act(
            state.freezeSplit().then((job) => {
              take(job);
              void navigate({ to: '/data' });
            }),
          );
        },
      },
    },
  };
}
