import { failureOf, type EngineAccess } from '../../connection/engine-access.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import type { HubListing } from '#contract/hub-datasets.ts';
import { createHubFetching } from './fetch-hub.ts';
import { UploadRefused, type SendFile } from '../create/send-file.ts';

/** Files on their way to a place the engine can read. */
export type Bringing =
  | { readonly kind: 'idle' }
  | { readonly kind: 'sending'; readonly label: string; readonly sentBytes: number; readonly totalBytes: number }
  /** What a dataset of the hub consists of is asked for. */
  | { readonly kind: 'asking'; readonly label: string }
  /** It has several parts, and one has to be chosen. */
  | { readonly kind: 'choosing'; readonly label: string; readonly listing: HubListing }
  | {
      readonly kind: 'fetching';
      readonly label: string;
      readonly file: string;
      readonly doneBytes: number;
      readonly totalBytes: number;
    }
  | { readonly kind: 'failed'; readonly label: string; readonly failure: ForgeErrorData };

/** Where they lie then, and what a person calls them. */
export interface Brought {
  readonly paths: readonly string[];
  readonly label: string;
}

/** The ways by which data that the engine cannot see yet get to it; one at a time. Each resolves with null when it failed or was stopped. */
export function createBringing(engine: EngineAccess, sendFile: SendFile, tell: (bringing: Bringing) => void) {
  let current: AbortController | null = null;
  const hub = createHubFetching(engine, tell);
  const bring = async (label: string, work: (signal: AbortSignal) => Promise<Brought>): Promise<Brought | null> => {
    current?.abort();
    const mine = new AbortController();
    current = mine;
    try {
      const brought = await work(mine.signal);
      if (current !== mine) return null;
      tell({ kind: 'idle' });
      return brought;
    } catch (error) {
      if (current === mine && !mine.signal.aborted) tell({ kind: 'failed', label, failure: whyNot(error) });
      return null;
    }
  };
  return {
    /** Files of the page, handed over one after the other. */
    send: (files: readonly File[]): Promise<Brought | null> => {
      const label = files[0]?.name ?? '';
      return bring(label, async (signal) => ({
        paths: await sendOneByOne(files, { label, folder: null, signal, sendFile, tell }),
        label,
      }));
    },
    sendFolder: (label: string, files: readonly File[]): Promise<Brought | null> =>
      bring(label, async (signal) => {
        const [first = ''] = await sendOneByOne(files, { label, folder: label, signal, sendFile, tell });
        return { paths: [first.replace(/[\\/][^\\/]*$/, '')], label };
      }),
    /** `hf:owner/name`, or a part of it. Where it has several parts and none is named, the person chooses one with `choosePart`. */
    fetchHub: (source: string, label: string): Promise<Brought | null> =>
      bring(label, async (signal) => ({ paths: [await hub.fetch({ source, label, signal })], label })),
    choosePart: hub.choose,
    stop: (): void => {
      current?.abort();
      current = null;
      tell({ kind: 'idle' });
    },
    refuse: (label: string, failure: ForgeErrorData): void => {
      current?.abort();
      tell({ kind: 'failed', label, failure });
    },
  };
}

interface Sending {
  readonly label: string;
  /** The files of one folder lie together; null: each by itself. */
  readonly folder: string | null;
  readonly signal: AbortSignal;
  readonly sendFile: SendFile;
  tell(bringing: Bringing): void;
}

/** Paths at which the files lie then. */
async function sendOneByOne(files: readonly File[], sending: Sending): Promise<readonly string[]> {
  const { label, folder, signal, sendFile, tell } = sending;
  const totalBytes = files.reduce((sum, { size }) => sum + size, 0);
  const batch = folder === null ? {} : { folder: { name: folder, batch: crypto.randomUUID() } };
  const paths: string[] = [];
  let sentBefore = 0;
  for (const file of files) {
    const before = sentBefore;
    const onProgress = (sent: number): void => tell({ kind: 'sending', label, sentBytes: before + sent, totalBytes });
    onProgress(0);
    const { path } = await sendFile(file, { signal, onProgress, ...batch });
    paths.push(path);
    sentBefore += file.size;
  }
  return paths;
}

function whyNot(error: unknown): ForgeErrorData {
  return error instanceof UploadRefused && error.failure !== null ? error.failure : failureOf(error);
}
