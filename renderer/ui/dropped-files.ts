/** What this module needs of a `DataTransferItem`. */
export interface DroppedItem {
  readonly kind: string;
  getAsFile(): File | null;
  webkitGetAsEntry?(): { readonly isDirectory: boolean } | null;
}

export interface Dropped {
  readonly files: readonly File[];
  /** How many folders were among them; a page sees of those only a name. */
  readonly folders: readonly File[];
}

/** Sorts what was dropped. Must run inside the drop event: afterwards the browser has emptied the list. */
export function droppedFiles(items: Iterable<DroppedItem>): Dropped {
  const files: File[] = [];
  const folders: File[] = [];
  for (const item of items) {
    if (item.kind !== 'file') continue;
    const file = item.getAsFile();
    if (file === null) continue;
    if (item.webkitGetAsEntry?.()?.isDirectory === true) folders.push(file);
    else files.push(file);
  }
  return { files, folders };
}

/** Whether a file's name fits `accept` as an input has it: ".csv,.jsonl". Empty accepts all; kinds of content ("text/*") are not used here. */
export function isAccepted(name: string, accept: string | undefined): boolean {
  const endings = (accept ?? '')
    .split(',')
    .map((ending) => ending.trim().toLowerCase())
    .filter((ending) => ending.startsWith('.'));
  return endings.length === 0 || endings.some((ending) => name.toLowerCase().endsWith(ending));
}
