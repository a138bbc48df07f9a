import { useNavigate } from '@tanstack/react-router';
import type { DroppedFolder } from '../../../ui/dropped-files.ts';
import { useBringDatasets } from '../../data/views/use-bring-datasets.ts';

/**
 * The way over an import, for data that need more than a look: places to be named, columns in columns, documents. The version that comes of it leads back by
 * "Train on it".
 */
export function useImports() {
  const navigate = useNavigate();
  const { fromPaths, fromFiles, fromFolder } = useBringDatasets();
  const going =
    <T>(begin: (what: T) => void) =>
    (what: T): void => {
      begin(what);
      void navigate({ to: '/data/import' });
    };
  return {
    fromPath: going((path: string) => fromPaths([path])),
    fromFiles: going((files: readonly File[]) => fromFiles(files)),
    fromFolder: going((folder: DroppedFolder) => fromFolder(folder)),
  };
}
