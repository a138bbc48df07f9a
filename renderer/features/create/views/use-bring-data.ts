import type { ForgeErrorData } from '#contract/error-data.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useShell } from '../../../shell/use-shell.ts';
import { mostFolderFiles, type DroppedFolder } from '../../../ui/dropped-files.ts';
import { formatBytes, formatNumber } from '../../../words/format.ts';
import { largestUploadBytes } from '#contract/dataset-preview.ts';
import { fileNameOf, isDataFile, isImported, problemOf, readTypedSource, type FileProblem } from '../data-source.ts';
import { createDataStore } from '../data-store.ts';
import { useDataWords } from '../data-words.ts';
import type { ChosenData } from '../draft-state.ts';
import { useImports } from './use-imports.ts';

type DataWords = ReturnType<typeof useDataWords>;

/** The ways data come in. Each ends in `onChosen`, or in a sentence in the data store saying why not. */
export function useBringData(onChosen: (data: ChosenData) => void) {
  const words = useDataWords();
  const shell = useShell();
  const imports = useImports();
  const obtain = useStoreOf(createDataStore, (state) => state.obtain);
  const send = useStoreOf(createDataStore, (state) => state.send);
  const sendFolder = useStoreOf(createDataStore, (state) => state.sendFolder);
  const refuse = useStoreOf(createDataStore, (state) => state.refuse);
  const finish = async (bringing: Promise<ChosenData | null>): Promise<void> => {
    const data = await bringing;
    if (data !== null) onChosen(data);
  };
  const fromPath = (path: string): void => {
    const name = fileNameOf(path);
    // The size of a file that is read where it lies does not matter here; the engine says what is too much for it.
    const problem = problemOf({ name, sizeBytes: 1 }, true);
    if (problem === null) void finish(obtain(path, name));
    else if (isImported(problem)) imports.fromPath(path);
    else refuse(name, failureFor(problem, name, words));
  };
  const fromFiles = (files: readonly File[]): void => {
    const [file] = files;
    if (file === undefined) return;
    if (files.length > 1) return refuse(file.name, plainFailure('window.several-files', words('oneFile'), ''));
    const path = shell.pathOfFile(file);
    if (path !== null) return fromPath(path);
    const problem = problemOf({ name: file.name, sizeBytes: file.size }, false);
    if (problem === null) void finish(send(file));
    else if (isImported(problem)) imports.fromFiles([file]);
    else refuse(file.name, failureFor(problem, file.name, words));
  };
  const fromFolder = (folder: DroppedFolder): void => {
    const path = folder.place === null ? null : shell.pathOfFile(folder.place);
    if (path === null) void sendFiles(folder);
    else fromPath(path);
  };
  const sendFiles = async ({ name, files: read }: DroppedFolder): Promise<void> => {
    const files = await read().catch(() => null);
    if (files !== null && files.length > 0 && !files.some(isDataFile))
      return imports.fromFolder({ name, place: null, files: () => Promise.resolve(files) });
    const failure = folderFailure({ name, files }, words);
    if (failure === null) await finish(sendFolder(name, (files ?? []).filter(isDataFile)));
    else refuse(name, failure);
  };
  const fromDropped = (files: readonly File[], folders: readonly DroppedFolder[]): void => {
    const [folder] = folders;
    if (folder !== undefined && files.length === 0 && folders.length === 1) fromFolder(folder);
    else if (folder === undefined) fromFiles(files);
    else refuse(folder.name, plainFailure('window.several-files', words('oneFile'), ''));
  };
  const fromSource = (text: string): void => {
    const source = readTypedSource(text);
    if (source.kind === 'path') fromPath(source.source);
    else if (source.kind === 'hub') void finish(obtain(source.source, source.label));
  };
  return { fromFiles, fromFolder, fromDropped, fromPath, fromSource };
}

/** What is told about a file that is not even begun with: what is wrong and what would be right. */
export function failureFor(problem: FileProblem, name: string, words: DataWords): ForgeErrorData {
  switch (problem.kind) {
    case 'too-large': {
      const sizes = { name, size: formatBytes(problem.sizeBytes), limit: formatBytes(problem.limitBytes) };
      return plainFailure('dataset.upload-too-large', words('tooLarge', sizes), words('tooLargeRemedy'));
    }
    case 'empty':
      return plainFailure('dataset.empty', words('emptyFile', { name }), words('emptyFileRemedy'));
    case 'wrong-type': {
      const type = words(`type_${problem.type}`);
      return plainFailure('window.wrong-type', words('wrongType', { name, type }), words(`remedy_${problem.type}`));
    }
  }
}

interface ReadFolder {
  readonly name: string;
  /** Null: the browser could not read it. */
  readonly files: readonly File[] | null;
}

/** Why a folder is not even begun with. */
function folderFailure({ name, files }: ReadFolder, words: DataWords): ForgeErrorData | null {
  if (files === null)
    return plainFailure('dataset.not-readable', words('folderUnreadable', { name }), words('folderRemedy'));
  const usable = files.filter(isDataFile);
  const sizeBytes = usable.reduce((sum, { size }) => sum + size, 0);
  if (files.length > mostFolderFiles || sizeBytes > largestUploadBytes) {
    const limit = `${formatNumber(mostFolderFiles)} / ${formatBytes(largestUploadBytes)}`;
    return plainFailure('dataset.too-large', words('folderTooLarge', { name, limit }), words('folderRemedy'));
  }
  return usable.length > 0
    ? null
    : plainFailure('dataset.folder-without-examples', words('folderEmpty', { name }), words('emptyFileRemedy'));
}

function plainFailure(code: string, message: string, remedy: string): ForgeErrorData {
  return { code, message, remedy, retryable: false, exitCode: 2, detail: {}, correlationId: null };
}
