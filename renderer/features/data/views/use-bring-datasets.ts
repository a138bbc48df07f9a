import { useNavigate } from '@tanstack/react-router';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { largestUploadBytes } from '#contract/dataset-preview.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useShell } from '../../../shell/use-shell.ts';
import { mostFolderFiles, type Dropped, type DroppedFolder } from '../../../ui/dropped-files.ts';
import { formatBytes, formatNumber } from '../../../words/format.ts';
import { fileNameOf, readTypedSource } from '../../create/data-source.ts';
import { createImportStore } from '../import-store.ts';
import { useDatasetsWords } from '../datasets-words.ts';

type Words = ReturnType<typeof useDatasetsWords>;

/** The ways by which files come into an import: their paths where the shell knows them, else their bytes. */
export function useBringDatasets() {
  const words = useDatasetsWords();
  const shell = useShell();
  const navigate = useNavigate();
  const beginWith = useStoreOf(createImportStore, (state) => state.beginWith);
  const send = useStoreOf(createImportStore, (state) => state.send);
  const sendFolder = useStoreOf(createImportStore, (state) => state.sendFolder);
  const fetchHub = useStoreOf(createImportStore, (state) => state.fetchHub);
  const refuse = useStoreOf(createImportStore, (state) => state.refuse);
  const fromPaths = (paths: readonly string[]): void => {
    const [path] = paths;
    if (path !== undefined) void beginWith(paths, fileNameOf(path));
  };
  const fromFiles = (files: readonly File[]): void => {
    const paths = files.map((file) => shell.pathOfFile(file)).filter((path) => path !== null);
    if (paths.length > 0) return fromPaths(paths);
    const failure = uploadFailure(files, files[0]?.name ?? '', words);
    if (failure === null) void send(files);
    else refuse(files[0]?.name ?? '', failure);
  };
  const fromFolder = (folder: DroppedFolder): void => {
    const path = folder.place === null ? null : shell.pathOfFile(folder.place);
    if (path === null) void sendFiles(folder);
    else fromPaths([path]);
  };
  const sendFiles = async ({ name, files: read }: DroppedFolder): Promise<void> => {
    const files = await read().catch(() => null);
    const failure =
      files === null
        ? plainFailure('dataset.not-readable', words('folderUnreadable', { name }), words('folderRemedy'))
        : uploadFailure(files, name, words);
    if (failure === null) await sendFolder(name, files ?? []);
    else refuse(name, failure);
  };
  return {
    fromPaths,
    fromFiles,
    fromFolder,
    /** What fell on a page of this place; the import's page is opened at once, so that the file arrives under one's eyes. */
    fromDropped({ files, folders }: Dropped): void {
      const [folder] = folders;
      if (files.length === 0 && folder === undefined) return;
      void navigate({ to: '/data/import' });
      if (files.length > 0) fromFiles(files);
      else if (folder !== undefined) fromFolder(folder);
    },
    fromSource(text: string): void {
      const source = readTypedSource(text);
      if (source.kind === 'path') fromPaths([source.source]);
      else if (source.kind === 'hub') void fetchHub(source.source, source.label);
    },
  };
}

/** Why files cannot be handed over by the browser; null when they can. */
function uploadFailure(files: readonly File[], name: string, words: Words): ForgeErrorData | null {
  const sizeBytes = files.reduce((sum, { size }) => sum + size, 0);
  const largest = Math.max(0, ...files.map(({ size }) => size));
  if (files.length > mostFolderFiles || largest > largestUploadBytes) {
    const limit = `${formatNumber(mostFolderFiles)} / ${formatBytes(largestUploadBytes)}`;
    return plainFailure('dataset.upload-too-large', words('uploadTooLarge', { name, limit }), words('uploadRemedy'));
  }
  if (sizeBytes === 0) return plainFailure('dataset.empty', words('nothingIn', { name }), words('nothingInRemedy'));
  return null;
}

function plainFailure(code: string, message: string, remedy: string): ForgeErrorData {
  return { code, message, remedy, retryable: false, exitCode: 2, detail: {}, correlationId: null };
}
