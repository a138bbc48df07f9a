import { useEffect, useRef, useState } from 'react';
import { droppedFiles, type DroppedFolder } from '../../../ui/dropped-files.ts';

/** Takes files dropped where nothing else takes them. Without this the browser would leave Forge and open the file. */
export function useWindowDrop(onFiles: (files: readonly File[], folders: readonly DroppedFolder[]) => void): boolean {
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
      const { files, folders } = droppedFiles(event.dataTransfer?.items ?? []);
      latest.current(files, folders);
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
