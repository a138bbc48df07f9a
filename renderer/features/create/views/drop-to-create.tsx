import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useCreateWords } from '../create-words.ts';
import { withData } from '../draft-state.ts';
import { createDraftsStore } from '../drafts-store.ts';
import styles from './drop-to-create.module.css';
import { useBringData } from './use-bring-data.ts';

/** Begins a draft with files that were dropped or chosen somewhere else, and goes there at once: the file arrives under one's eyes. */
export function useStartFromFiles(): (files: readonly File[]) => void {
  const navigate = useNavigate();
  const start = useStoreOf(createDraftsStore, (state) => state.start);
  const change = useStoreOf(createDraftsStore, (state) => state.change);
  const { fromFiles } = useBringData((data) => change((draft) => withData(draft, data)));
  return (files) => {
    if (files.length === 0) return;
    const draft = start();
    void navigate({ to: '/create/$draft/$step', params: { draft, step: 'data' } });
    fromFiles(files);
  };
}

/** Around a page: a file dropped anywhere on the window begins a model of it. */
export function DropToCreate({ children }: { readonly children: ReactNode }) {
  return (
    <>
      {children}
      <DropTarget />
    </>
  );
}

/** The same without a page around it, for pages that load it after themselves. */
export function DropTarget() {
  const words = useCreateWords();
  const start = useStartFromFiles();
  const isOver = useWindowDrop(start);
  if (!isOver) return null;
  return (
    <div className={styles['veil']} aria-hidden>
      <p className={styles['card']}>{words('dropAnywhere')}</p>
    </div>
  );
}

/** Takes files dropped where nothing else takes them. Without this the browser would leave Forge and open the file. */
export function useWindowDrop(onFiles: (files: readonly File[]) => void): boolean {
  const [isOver, setIsOver] = useState(false);
  const latest = useRef(onFiles);
  useEffect(() => {
    latest.current = onFiles;
  });
  useEffect(() => {
    let depth = 0;
    const carriesFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      depth += 1;
      setIsOver(true);
    };
    const leave = (): void => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setIsOver(false);
    };
    const over = (event: DragEvent): void => {
      if (carriesFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      depth = 0;
      setIsOver(false);
      if (!carriesFiles(event) || event.defaultPrevented) return;
      event.preventDefault();
      latest.current([...(event.dataTransfer?.files ?? [])]);
    };
    const stop = new AbortController();
    const { signal } = stop;
    addEventListener('dragenter', enter, { signal });
    addEventListener('dragleave', leave, { signal });
    addEventListener('dragover', over, { signal });
    addEventListener('drop', drop, { signal });
    // The frame lets files fall where no page takes them.
    document.body.dataset['takesFiles'] = 'yes';
    return () => {
      stop.abort();
      delete document.body.dataset['takesFiles'];
    };
  }, []);
  return isOver;
}

/** For steps that have no use for a file: it is let fall. */
export function LetDropsFall() {
  useWindowDrop(() => undefined);
  return null;
}
