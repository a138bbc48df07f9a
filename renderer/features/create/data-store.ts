import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DatasetInspection, KnownDataset, PreviewRow, ShownRow } from '#contract/dataset-preview.ts';
import type { ColumnMapping } from '#contract/datasets.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { failureOf, newRequestId, type EngineAccess } from '../../connection/engine-access.ts';
import type { ChosenData } from './draft-state.ts';
import { createQuestion, notLoaded, type Loaded } from './loaded.ts';
import { sendFile as sendOverHttp, UploadRefused, type SendFile, type SendOptions } from './send-file.ts';

/** How a file is read: what a draft decides about its rows. */
export interface Reading {
  readonly path: string;
  readonly mapping: ColumnMapping | null;
  readonly systemPrompt: string | null;
  readonly heldOutRows: number | null;
  readonly seed: number | null;
}

/** Data on their way to a path. */
export type Bringing =
  | { readonly kind: 'idle' }
  | { readonly kind: 'sending'; readonly label: string; readonly sentBytes: number; readonly totalBytes: number }
  | { readonly kind: 'fetching'; readonly label: string; readonly text: string; readonly fraction: number | null }
  | {
      readonly kind: 'failed';
      readonly label: string;
      readonly failure: ForgeErrorData;
      /** Where it lies, when an import may make more of it. */
      readonly source?: string;
    };

export interface DataState {
  readonly known: Loaded<readonly KnownDataset[]>;
  readonly bringing: Bringing;
  /** What the engine said about the data it brought last: what was left out. Empty when there is nothing to say. */
  readonly note: string;
  readonly inspection: Loaded<DatasetInspection>;
  /** Rows shown so far, in file order; the first page comes with the inspection. */
  readonly rows: readonly PreviewRow[];
  readonly isPaging: boolean;
  readonly shown: Loaded<ShownRow>;
  /** Null when it could not be read; `known` says why. */
  loadKnown(): Promise<readonly KnownDataset[] | null>;
  /** A path, folder or `hf:` name; null when it failed or was stopped (`bringing` says why). */
  obtain(source: string, label: string): Promise<ChosenData | null>;
  send(file: File): Promise<ChosenData | null>;
  /** Files of one folder, handed over one by one and then put together. */
  sendFolder(name: string, files: readonly File[]): Promise<ChosenData | null>;
  stopBringing(): void;
  /** Says what stands in the way of a file that was not even begun with. */
  refuse(label: string, failure: ForgeErrorData): void;
  inspect(reading: Reading): Promise<void>;
  morePages(reading: Reading): Promise<void>;
  showRow(reading: Reading, row: string, base: string | null): Promise<void>;
  /** Deletes a file Forge keeps. */
  remove(path: string): Promise<void>;
}

export const rowsPerPage = 20;

export function createDataStore(engine: EngineAccess): StoreApi<DataState> {
  return createDataStoreWith(engine, sendOverHttp);
}

/** For tests: the file is handed over by `sendFile`. */
export function createDataStoreWith(engine: EngineAccess, sendFile: SendFile): StoreApi<DataState> {
  return createStore<DataState>((set, get) => {
    const known = createQuestion<readonly KnownDataset[]>((change) => set((state) => ({ known: change(state.known) })));
    const shown = createQuestion<ShownRow>((change) => set((state) => ({ shown: change(state.shown) })));
    return {
      known: notLoaded,
      bringing: { kind: 'idle' },
      note: '',
      shown: notLoaded,
      loadKnown: () => known.ask((signal) => engine.call((client) => client.datasets.list(undefined, { signal }))),
      async showRow({ path, mapping, systemPrompt }, row, base) {
        const input = { path, mapping, systemPrompt, row, base };
        set({ shown: { ...get().shown, value: null } });
        await shown.ask((signal) => engine.call((client) => client.datasets.showRow(input, { signal })));
      },
      async remove(path) {
        await engine.call((client) => client.datasets.remove({ path, requestId: newRequestId() }));
        await get().loadKnown();
      },
      ...bringingActions(engine, sendFile, set),
      ...inspectionActions(engine, set, get),
    };
  });
}

type Set = StoreApi<DataState>['setState'];
type Get = StoreApi<DataState>['getState'];

function inspectionActions(engine: EngineAccess, set: Set, get: Get) {
  const inspection = createQuestion<DatasetInspection>((change) =>
    set((state) => ({ inspection: change(state.inspection) })),
  );
  let path: string | null = null;
  return {
    inspection: notLoaded as DataState['inspection'],
    rows: [],
    isPaging: false,
    async inspect(reading: Reading): Promise<void> {
      // The figures of another file must not stand beside this one's name.
      if (reading.path !== path) set({ inspection: notLoaded, rows: [], shown: notLoaded });
      path = reading.path;
      const value = await inspection.ask((signal) =>
        engine.call((client) => client.datasets.inspect({ ...reading, offset: 0, limit: rowsPerPage }, { signal })),
      );
      if (value !== null) set({ rows: value.rows });
    },
    async morePages(reading: Reading): Promise<void> {
      const { rows, isPaging } = get();
      if (isPaging) return;
      set({ isPaging: true });
      try {
        const page = await engine.call((client) =>
          client.datasets.inspect({ ...reading, offset: rows.length, limit: rowsPerPage }),
        );
        // Another reading may have begun meanwhile; its rows are not continued with these.
        if (get().rows === rows) set({ rows: [...rows, ...page.rows] });
      } catch (error) {
        const failure = failureOf(error);
        set((state) => ({ inspection: { ...state.inspection, failure } }));
      } finally {
        set({ isPaging: false });
      }
    },
  };
}

function bringingActions(engine: EngineAccess, sendFile: SendFile, set: Set) {
  let current: AbortController | null = null;
  const bring = async (
    label: string,
    work: (signal: AbortSignal) => Promise<ChosenData>,
    source?: string,
  ): Promise<ChosenData | null> => {
    current?.abort();
    const mine = new AbortController();
    current = mine;
    set({ note: '' });
    try {
      const data = await work(mine.signal);
      if (current !== mine) return null;
      set({ bringing: { kind: 'idle' } });
      return data;
    } catch (error) {
      if (current === mine && !mine.signal.aborted)
        set({
          bringing: { kind: 'failed', label, failure: whyNot(error), ...(source === undefined ? {} : { source }) },
        });
      return null;
    }
  };
  const obtain = obtaining(engine, set);
  return {
    obtain: (source: string, label: string): Promise<ChosenData | null> =>
      bring(label, (signal) => obtain(source, label, signal), source),
    sendFolder: (name: string, files: readonly File[]): Promise<ChosenData | null> =>
      bring(name, async (signal) => {
        const onProgress = (sentBytes: number, totalBytes: number): void =>
          set({ bringing: { kind: 'sending', label: name, sentBytes, totalBytes } });
        const place = await sendOneByOne({ name, files }, sendFile, { signal, onProgress });
        return obtain(place, name, signal);
      }),
    send: (file: File): Promise<ChosenData | null> =>
      bring(file.name, async (signal) => {
        const show = (sentBytes: number, totalBytes: number): void =>
          set({ bringing: { kind: 'sending', label: file.name, sentBytes, totalBytes } });
        show(0, file.size);
        const { path } = await sendFile(file, { signal, onProgress: show });
        return { path, label: file.name };
      }),
    stopBringing(): void {
      current?.abort();
      current = null;
      set({ bringing: { kind: 'idle' }, note: '' });
    },
    refuse(label: string, failure: ForgeErrorData): void {
      current?.abort();
      set({ bringing: { kind: 'failed', label, failure } });
    },
  };
}

/** Lets the engine make a file of a path, a folder or a name on the hub; tells how far it is. */
function obtaining(engine: EngineAccess, set: Set) {
  return async (source: string, label: string, signal: AbortSignal): Promise<ChosenData> => {
    set({ bringing: { kind: 'fetching', label, text: '', fraction: null } });
    const stream = await engine.call((client) => client.datasets.obtain({ source }, { signal }));
    for await (const event of stream) {
      if (event.kind === 'done') {
        set({ note: event.note });
        return { path: event.path, label: event.label };
      }
      set({ bringing: { kind: 'fetching', label, text: event.text, fraction: event.fraction } });
    }
    throw new Error('The engine ended without naming a file.');
  };
}

/** Hands over the files of a folder. Gives the folder they lie in there. */
async function sendOneByOne(
  { name, files }: { readonly name: string; readonly files: readonly File[] },
  sendFile: SendFile,
  { signal, onProgress }: SendOptions,
): Promise<string> {
  const totalBytes = files.reduce((sum, { size }) => sum + size, 0);
  const folder = { name, batch: crypto.randomUUID() };
  let [sentBefore, place] = [0, ''];
  for (const file of files) {
    const onPart = (sent: number): void => onProgress(sentBefore + sent, totalBytes);
    onPart(0);
    ({ path: place } = await sendFile(file, { signal, onProgress: onPart, folder }));
    sentBefore += file.size;
  }
  return folderOf(place);
}

/** On any system. */
function folderOf(path: string): string {
  return path.replace(/[\\/][^\\/]*$/, '');
}

function whyNot(error: unknown): ForgeErrorData {
  return error instanceof UploadRefused && error.failure !== null ? error.failure : failureOf(error);
}
