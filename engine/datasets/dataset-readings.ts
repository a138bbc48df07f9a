import type { DatasetRow } from '#contract/datasets.ts';
import type { SplitResult } from '#core/datasets/split-rows.ts';
import { checkDatasetFile } from '#native-bridge/files/dataset-source.ts';
import { oneByOne } from '../one-by-one.ts';
import {
  type DataChoice,
  divideRows,
  type ReadingChoice,
  readRowsOf,
  scoringOf,
  type SplitChoice,
} from './data-choice.ts';
import { splitOfPlaces, type ReadRows } from './reading-protocol.ts';
import type { ReadingWorker } from './reading-worker.ts';

export type RowSide = 'train' | 'validation' | 'held-out';

/** A file as it was read: everything the main job would know of its data. */
export interface DatasetReading extends ReadRows {
  readonly split: SplitResult;
  /** On which side of the split a row falls, by its id. */
  readonly sides: ReadonlyMap<string, RowSide>;
}

export interface DatasetReadings {
  /** The file as it is now; read only when it, or how it is read, changed since. @throws ForgeError dataset.* */
  read(choice: DataChoice, signal?: AbortSignal): Promise<DatasetReading>;
  /** Forgets all that was read. */
  clear(): void;
}

export interface DatasetReadingsOptions {
  /** Reads large files; without one every file is read in this thread. */
  readonly worker?: ReadingWorker;
  /** Files above this size go to the worker. */
  readonly smallBytes?: number;
  /** Files kept in memory together, in bytes on disk; the newest one is always kept. */
  readonly keptBytes?: number;
  /** What nobody asked for during this time is forgotten. */
  readonly idleMs?: number;
  /** Called for each real reading of a file, for tests. */
  readonly onRead?: (file: string) => void;
}

type Division = Pick<DatasetReading, 'split' | 'sides'>;

interface Kept extends ReadRows {
  readonly key: string;
  readonly sizeBytes: number;
  readonly divisions: Map<string, Division>;
}

const keptFiles = 4;
const keptDivisions = 4;
const usualKeptBytes = 128 * 2 ** 20;
const usualIdleMs = 5 * 60_000;
/** About 500 rows: read, compared and divided in some 50 ms. Starting a thread would take longer. */
const usualSmallBytes = 128 * 1024;

/**
 * The last few files as they were read, so that turning a page, drawing a row and planning cost no second reading. A file is known by path, size and time
 * of change. One file is read at a time: two large ones would need the memory of both.
 */
export function createDatasetReadings(options: DatasetReadingsOptions = {}): DatasetReadings {
  const { worker, smallBytes = usualSmallBytes, keptBytes = usualKeptBytes, idleMs = usualIdleMs, onRead } = options;
  const inTurn = oneByOne();
  let kept: Kept[] = [];
  let idle: NodeJS.Timeout | null = null;
  const clear = (): void => {
    if (idle !== null) clearTimeout(idle);
    idle = null;
    kept = [];
    worker?.dispose();
  };
  const keep = (entry: Kept): void => {
    kept = withinBounds([entry, ...kept.filter(({ key }) => key !== entry.key)], keptBytes);
    if (idle !== null) clearTimeout(idle);
    idle = setTimeout(clear, idleMs);
    idle.unref();
  };
  const find = ({ key }: FileKey): Kept | undefined => kept.find((entry) => entry.key === key);

  const readNow = async (choice: DataChoice, signal: AbortSignal | undefined): Promise<DatasetReading> => {
    signal?.throwIfAborted();
    const file = await keyOf(choice);
    const known = find(file);
    if (known === undefined) onRead?.(choice.file);
    const read = worker === undefined || file.sizeBytes <= smallBytes ? readHere : readThere(worker);
    const entry = await read({ choice, file, known, signal });
    keep(entry);
    return readingOf(entry, choice);
  };
  return {
    clear,
    async read(choice, signal) {
      // A page of a file that is known never waits for another file that is being read.
      const known = find(await keyOf(choice));
      if (known?.divisions.has(divisionKey(choice)) !== true) return inTurn(() => readNow(choice, signal));
      keep(known);
      return readingOf(known, choice);
    },
  };
}

interface FileKey {
  readonly key: string;
  readonly sizeBytes: number;
}

async function keyOf({ file, mapping, systemPrompt }: ReadingChoice): Promise<FileKey> {
  const { size, mtimeMs, ino } = await checkDatasetFile(file);
  const places = mapping === undefined ? null : Object.entries(mapping).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { key: JSON.stringify([file, size, mtimeMs, ino, places, systemPrompt ?? null]), sizeBytes: size };
}

interface ReadingTask {
  readonly choice: DataChoice;
  readonly file: FileKey;
  /** Its rows were read before. */
  readonly known: Kept | undefined;
  readonly signal: AbortSignal | undefined;
}

async function readHere({ choice, file, known, signal }: ReadingTask): Promise<Kept> {
  const read = known?.read ?? (await readRowsOf(choice, signal));
  const entry = known ?? { ...file, read, scoring: scoringOf(read.rows), divisions: new Map<string, Division>() };
  if (!entry.divisions.has(divisionKey(choice))) remember(entry, choice, divideRows(read.rows, choice));
  return entry;
}

function readThere(worker: ReadingWorker) {
  return async ({ choice, file, known, signal }: ReadingTask): Promise<Kept> => {
    if (known?.divisions.has(divisionKey(choice)) === true) return known;
    const request = { key: file.key, choice, wantsRows: known === undefined };
    const { rows, split } = await worker.read(request, signal);
    const entry = known ?? (rows && { ...file, ...rows, divisions: new Map<string, Division>() });
    if (entry === null) throw new Error(`no rows came for ${choice.file}`);
    remember(entry, choice, splitOfPlaces(entry.read, split));
    return entry;
  };
}

function withinBounds(entries: readonly Kept[], keptBytes: number): Kept[] {
  let bytes = 0;
  return entries.slice(0, keptFiles).filter(({ sizeBytes }, index) => {
    bytes += sizeBytes;
    return index === 0 || bytes <= keptBytes;
  });
}

function divisionKey({ seed, heldOutRows, frozen }: SplitChoice): string {
  return JSON.stringify([seed, heldOutRows ?? null, frozen ?? null]);
}

function remember({ divisions }: Kept, choice: SplitChoice, split: SplitResult): void {
  const oldest = divisions.size < keptDivisions ? undefined : divisions.keys().next().value;
  if (oldest !== undefined) divisions.delete(oldest);
  divisions.set(divisionKey(choice), { split, sides: sidesOf(split) });
}

function readingOf({ read, scoring, divisions }: Kept, choice: SplitChoice): DatasetReading {
  const division = divisions.get(divisionKey(choice));
  if (division === undefined) throw new Error('the rows were read and not divided');
  return { read, scoring, ...division };
}

function sidesOf({ train, validation, heldOut }: SplitResult): Map<string, RowSide> {
  const sides = new Map<string, RowSide>();
  const add = (rows: readonly DatasetRow[], side: RowSide): void => rows.forEach(({ id }) => sides.set(id, side));
  add(train, 'train');
  add(validation, 'validation');
  add(heldOut, 'held-out');
  return sides;
}
