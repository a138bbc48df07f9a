/** What this module needs of a `DataTransferItem`. */
export interface DroppedItem {
  readonly kind: string;
  getAsFile(): File | null;
  webkitGetAsEntry?(): DroppedEntry | null;
}

/** What it needs of a `FileSystemEntry`. */
export interface DroppedEntry {
  readonly isDirectory: boolean;
  readonly name: string;
  /** Only of files. */
  file?(take: (file: File) => void, fail: (error: unknown) => void): void;
  /** Only of folders: some at each call, none when there are no more. */
  createReader?(): {
    readEntries(take: (entries: readonly DroppedEntry[]) => void, fail: (error: unknown) => void): void;
  };
}

export interface DroppedFolder {
  readonly name: string;
  /** For its path, where the shell can tell one; a page sees nothing else of it. */
  readonly place: File | null;
  /** The files in it and in the folders inside it; hidden ones are passed over. At most `mostFolderFiles` and one. */
  files(): Promise<readonly File[]>;
}

export interface Dropped {
  readonly files: readonly File[];
  readonly folders: readonly DroppedFolder[];
}

/** Of a folder at most so many files are taken; the engine has the same limit. */
export const mostFolderFiles = 2_000;

/** Sorts what was dropped. Must run inside the drop event: afterwards the browser has emptied the list. */
export function droppedFiles(items: Iterable<DroppedItem>): Dropped {
  const files: File[] = [];
  const folders: DroppedFolder[] = [];
  for (const item of items) {
    if (item.kind !== 'file') continue;
    const file = item.getAsFile();
    if (file === null) continue;
    const entry = item.webkitGetAsEntry?.() ?? null;
    if (entry?.isDirectory === true)
      folders.push({ name: file.name || entry.name, place: file, files: () => filesIn(entry) });
    else files.push(file);
  }
  return { files, folders };
}

/** What an input for folders gave: each file knows its place (`rows/2026/a.csv`), the first part is the folder's name. */
export function chosenFolder(files: readonly File[]): DroppedFolder | null {
  const [name = ''] = files[0]?.webkitRelativePath.split('/') ?? [];
  if (name === '') return null;
  const seen = files.filter(({ webkitRelativePath }) => !/\/\./.test(webkitRelativePath));
  return { name, place: null, files: () => Promise.resolve(seen.slice(0, mostFolderFiles + 1)) };
}

async function filesIn(folder: DroppedEntry): Promise<readonly File[]> {
  const files: File[] = [];
  const folders = [folder];
  for (let place = folders.shift(); place !== undefined; place = folders.shift()) {
    for (const entry of await entriesOf(place)) {
      if (files.length > mostFolderFiles) return files;
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory) folders.push(entry);
      else files.push(await fileOf(entry));
    }
  }
  return files;
}

async function entriesOf(folder: DroppedEntry): Promise<readonly DroppedEntry[]> {
  const reader = folder.createReader?.();
  const all: DroppedEntry[] = [];
  if (reader === undefined) return all;
  for (;;) {
    const some = await new Promise<readonly DroppedEntry[]>((take, fail) => reader.readEntries(take, fail));
    if (some.length === 0) return all.toSorted((one, other) => (one.name < other.name ? -1 : 1));
    all.push(...some);
  }
}

function fileOf(entry: DroppedEntry): Promise<File> {
  return new Promise((take, fail) => entry.file?.(take, fail));
}

/** Whether a file's name fits `accept` as an input has it: ".csv,.jsonl". Empty accepts all; kinds of content ("text/*") are not used here. */
export function isAccepted(name: string, accept: string | undefined): boolean {
  const endings = (accept ?? '')
    .split(',')
    .map((ending) => ending.trim().toLowerCase())
    .filter((ending) => ending.startsWith('.'));
  return endings.length === 0 || endings.some((ending) => name.toLowerCase().endsWith(ending));
}
