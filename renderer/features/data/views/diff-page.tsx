import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { useShallow } from 'zustand/shallow';
import type { VersionPair } from '#contract/dataset-diffs.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useAct } from '../../compare/use-act.ts';
import { referenceOfId } from '../dataset-rows.ts';
import { createDatasetsStore, type DatasetsState } from '../datasets-store.ts';
import { createDiffStore, isSamePair, type DiffState } from '../diff-store.ts';
import { DiffView, type DiffViewProps } from './diff-view.tsx';

const all = (state: DiffState): DiffState => state;
const allDatasets = (state: DatasetsState): DatasetsState => state;
const nothingYet: DiffViewProps['state'] = {
  diff: { report: null, isRead: false, job: null, failure: null },
  change: 'changed',
  rows: { total: null, pages: new Map() },
  failure: null,
  selected: null,
  forms: { value: null, isLoading: false, failure: null },
};

/** `/data/diff?before=tickets:v1&after=tickets:v2` */
export function DiffPage() {
  const state = useStoreOf(createDiffStore, useShallow(all));
  const { open, versions, failure } = useStoreOf(createDatasetsStore, useShallow(allDatasets));
  const search = useSearch({ strict: false }) as { readonly before?: unknown; readonly after?: unknown };
  const navigate = useNavigate();
  const act = useAct();
  useEffect(() => open(), [open]);
  const [before, after] = [idOf(search.before), idOf(search.after)];
  const pair = useMemo(() => pairOf(before, after), [before, after]);
  const { openPair } = state;
  useEffect(() => {
    if (pair !== null) void openPair(pair);
  }, [pair, openPair]);
  const sorted = useMemo(
    () => versions?.toSorted((a, b) => a.name.localeCompare(b.name) || b.version - a.version) ?? null,
    [versions],
  );
  return (
    <DiffView
      versions={sorted}
      before={before}
      after={after}
      failure={failure}
      // What the store holds may for a moment be of the pair before.
      state={pair !== null && isSamePair(state.pair, pair) ? state : nothingYet}
      handlers={{
        choose: (earlier, later) =>
          void navigate({
            to: '/data/diff',
            search: { ...(earlier !== null && { before: earlier }), ...(later !== null && { after: later }) },
            replace: true,
          }),
        compare: () => void state.compare(),
        stop: () => act(state.stop()),
        show: state.show,
        need: state.need,
        retry: state.retry,
        select: (row) => void state.select(row),
      }}
    />
  );
}

function idOf(given: unknown): string | null {
  return typeof given === 'string' && referenceOfId(given) !== null ? given : null;
}

function pairOf(before: string | null, after: string | null): VersionPair | null {
  const [one, other] = [referenceOfId(before ?? ''), referenceOfId(after ?? '')];
  return one === null || other === null ? null : { before: one, after: other };
}
