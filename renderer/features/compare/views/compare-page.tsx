import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect } from 'react';
import { useShallow } from 'zustand/shallow';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useUndo } from '../../../ui/undo.ts';
import { createCompareStore, type CompareState } from '../compare-store.ts';
import { useCompareWords } from '../compare-words.ts';
import { modelsOfLink } from '../compared-models.ts';
import { useAct } from '../use-act.ts';
import { CompareView } from './compare-view.tsx';

const everything = (state: CompareState): CompareState => state;

/** `/compare`, with `?models=...` for models that are chosen already. */
export function ComparePage() {
  const state = useStoreOf(createCompareStore, useShallow(everything));
  const { open, prepare } = state;
  const navigate = useNavigate();
  const words = useCompareWords();
  const offerUndo = useUndo();
  const act = useAct();
  const { models: linked } = useSearch({ strict: false }) as { readonly models?: unknown };
  useEffect(open, [open]);
  useEffect(() => {
    const models = modelsOfLink(linked);
    if (models.length > 0) prepare(models);
  }, [linked, prepare]);
  const show = useCallback((id: string) => void navigate({ to: `/compare/${id}` }), [navigate]);
  const { hide, unhide, remove } = state;
  const removeLater = useCallback(
    (id: string) => {
      hide(id);
      offerUndo({ text: words('removed'), undo: () => unhide(id), commit: () => remove(id) });
    },
    [hide, unhide, remove, offerUndo, words],
  );
  return (
    <CompareView
      state={state}
      handlers={{
        change: state.change,
        start: () => act(state.start().then((id) => (id === null ? undefined : show(id)))),
        upload: state.upload,
        open: show,
        remove: removeLater,
        retry: () => act(state.reload()),
      }}
    />
  );
}
