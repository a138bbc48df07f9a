import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useStoreOf } from '../../../connection/use-store.ts';
import type { Dropped } from '../../../ui/dropped-files.ts';
import { withData } from '../draft-state.ts';
import { createDraftsStore } from '../drafts-store.ts';
import { useBringData } from './use-bring-data.ts';

/** Begins a draft with files that were dropped or chosen somewhere else, and goes there at once: the file arrives under one's eyes. */
export function useStartFromFiles(): (dropped: Dropped) => void {
  const navigate = useNavigate();
  const start = useStoreOf(createDraftsStore, (state) => state.start);
  const change = useStoreOf(createDraftsStore, (state) => state.change);
  const { fromDropped } = useBringData((data) => change((draft) => withData(draft, data)));
  return ({ files, folders }) => {
    if (files.length === 0 && folders.length === 0) return;
    const draft = start();
    void navigate({ to: '/create/$draft/$step', params: { draft, step: 'data' } });
    fromDropped(files, folders);
  };
}

/** The same as an element, for pages that fetch it only when files fall: it begins once for each drop. */
export function StartFromFiles({ dropped }: { readonly dropped: Dropped }) {
  const start = useStartFromFiles();
  const begun = useRef<Dropped | null>(null);
  useEffect(() => {
    if (begun.current === dropped) return;
    begun.current = dropped;
    start(dropped);
  });
  return null;
}
