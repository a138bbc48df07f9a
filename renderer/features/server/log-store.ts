import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ForgeClient } from '#contract/client.ts';
import type { LogLevel, LogLine, LogPage } from '#contract/engine-log.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { failureOf, type EngineAccess } from '../../connection/engine-access.ts';

export interface LogData {
  /** The oldest first; null while they are being read. */
  readonly lines: readonly LogLine[] | null;
  /** Lines below it are left out. */
  readonly minimum: LogLevel;
  /** There is more in the file before the first line. */
  readonly hasEarlier: boolean;
  readonly isReadingEarlier: boolean;
  /** Absolute; null while it is not known. */
  readonly file: string | null;
  readonly failure: ForgeErrorData | null;
}

export interface LogStoreState extends LogData {
  /** Follows the log until what it returns is called. */
  open(): () => void;
  setMinimum(minimum: LogLevel): void;
  readEarlier(): Promise<void>;
}

type Store = StoreApi<LogStoreState>;

/** In memory at most; the oldest leave first, and can be read again as earlier lines. */
export const keptLines = 5_000;
const pageLines = 500;
const lookEveryMs = 700;

export function createLogStore(engine: EngineAccess): Store {
  let wake = (): void => undefined;
  const place: Place = { start: 0, end: null, generation: 0 };
  const store: Store = createStore<LogStoreState>((set, get) => ({
    lines: null,
    minimum: 'debug',
    hasEarlier: false,
    isReadingEarlier: false,
    file: null,
    failure: null,
    open: () =>
      engine.follow(async (client, signal) => {
        // What is there already stays; what was written meanwhile comes behind it.
        while (!signal.aborted) {
          await look({ store, place, client, signal });
          if (!place.hasMore) await new Promise<void>((resolve) => (wake = waitUntil(resolve, signal)));
        }
      }),
    setMinimum(minimum) {
      if (minimum === get().minimum) return;
      place.generation += 1;
      place.end = null;
      set({ minimum, lines: null, hasEarlier: false });
      wake();
    },
    readEarlier: () => readEarlier(store, place, engine),
  }));
  return store;
}

/** Where the kept lines begin and end in the file. */
interface Place {
  start: number;
  /** Null: nothing has been read with this level. */
  end: number | null;
  hasMore?: boolean;
  /** One more each time the level changes: an answer for another one is left out. */
  generation: number;
}

/** Resolves after a while, when it is called, or when nobody follows any more. */
function waitUntil(resolve: () => void, signal: AbortSignal): () => void {
  const settle = (): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', settle);
    resolve();
  };
  const timer = setTimeout(settle, lookEveryMs);
  signal.addEventListener('abort', settle, { once: true });
  return settle;
}

interface Looking {
  readonly store: Store;
  readonly place: Place;
  readonly client: ForgeClient;
  readonly signal: AbortSignal;
}

/** One page: the last lines at first, later what came after them. */
async function look({ store, place, client, signal }: Looking): Promise<void> {
  const { generation, end } = place;
  const { minimum } = store.getState();
  try {
    const page = await client.logs.tail({ after: end, limit: pageLines, minimum }, { signal });
    if (generation !== place.generation || signal.aborted) return;
    const isAnew = end === null || page.isNewFile;
    if (isAnew) place.start = page.start;
    place.end = page.end;
    place.hasMore = page.hasMore && page.end !== end;
    put(store, place, { ...page, isAnew });
  } catch (error) {
    place.hasMore = false;
    if (!signal.aborted) store.setState({ failure: failureOf(error) });
  }
}

function put(store: Store, place: Place, page: LogPage & { readonly isAnew: boolean }): void {
  const { lines: known, file, failure } = store.getState();
  if (!page.isAnew && page.lines.length === 0 && known !== null && failure === null) return;
  const all = page.isAnew ? page.lines : [...(known ?? []), ...page.lines];
  const lines = all.length > keptLines ? all.slice(-keptLines) : all;
  if (lines.length < all.length) place.start = lines[0]?.at ?? place.start;
  store.setState({ lines, hasEarlier: place.start > 0, file: page.file || file, failure: null });
}

async function readEarlier(store: Store, place: Place, engine: EngineAccess): Promise<void> {
  const { generation, start } = place;
  const { minimum, isReadingEarlier } = store.getState();
  if (isReadingEarlier || start === 0) return;
  store.setState({ isReadingEarlier: true });
  try {
    const page = await engine.call((client) => client.logs.tail({ before: start, limit: pageLines, minimum }));
    if (generation !== place.generation || start !== place.start) return;
    place.start = page.start;
    store.setState(({ lines }) => ({
      lines: [...page.lines, ...(lines ?? [])],
      hasEarlier: page.start > 0,
      failure: null,
    }));
  } catch (error) {
    store.setState({ failure: failureOf(error) });
  } finally {
    store.setState({ isReadingEarlier: false });
  }
}
