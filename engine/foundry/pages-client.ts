import { Worker } from 'node:worker_threads';
import type { DatasetVersion, PagedRow, RowPage } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import type { RejectsPage, VersionPages } from '#core/foundry/version-store.ts';
import type { StoreFolders } from '#native-bridge/datasets/store/store-places.ts';
import type { PagesAnswer, PagesQuestion } from './pages-protocol.ts';

type Question = Extract<PagesQuestion, { kind: 'ask' }>['question'];

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Open indexes are let go when nobody asks for a page for this long. */
const idleMs = 120_000;

/** Beside this file, from source as in the desktop shell's bundle. */
function threadEntry(): URL {
  const name = import.meta.url.endsWith('.ts') ? './pages-thread.ts' : './pages-thread.mjs';
  return new URL(name, import.meta.url);
}

/** The thread and who waits for it; started at the first question. */
class PagesThread {
  readonly #folders: StoreFolders;
  readonly #waiting = new Map<number, Waiting>();
  #thread: Worker | null = null;
  #idle: NodeJS.Timeout | null = null;
  #lastId = 0;

  constructor(folders: StoreFolders) {
    this.#folders = folders;
  }

  async ask(version: DatasetVersion, question: Question, signal?: AbortSignal): Promise<unknown> {
    signal?.throwIfAborted();
    const id = (this.#lastId += 1);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    const onAbort = (): void => {
      this.#thread?.postMessage({ kind: 'cancel', id } satisfies PagesQuestion);
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#started().postMessage({ kind: 'ask', id, version, question } satisfies PagesQuestion);
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.#waiting.delete(id);
      this.#rest();
    }
  }

  warm(): void {
    this.#started();
    this.#rest();
  }

  async stop(): Promise<void> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    const thread = this.#thread;
    this.#thread = null;
    await thread?.terminate();
  }

  #started(): Worker {
    if (this.#idle !== null) clearTimeout(this.#idle);
    if (this.#thread !== null) return this.#thread;
    const thread = new Worker(threadEntry(), { workerData: this.#folders });
    thread.on('message', (answer: PagesAnswer) => this.#take(answer));
    thread.on('error', (error) => this.#ended(thread, error));
    thread.on('exit', () => this.#ended(thread, new Error('the thread that reads versions ended')));
    this.#thread = thread;
    return thread;
  }

  #take(answer: PagesAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    if (answer.kind === 'answered') waiting?.resolve(answer.value);
    else if (answer.kind === 'refused') waiting?.reject(new ForgeError(answer.code, answer.detail));
    else waiting?.reject(new Error(`reading a version failed with a bug: ${answer.stack}`));
  }

  #ended(thread: Worker, error: unknown): void {
    if (this.#thread !== thread) return;
    this.#thread = null;
    for (const { reject } of this.#waiting.values()) reject(error);
  }

  #rest(): void {
    if (this.#waiting.size > 0) return;
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.stop(), idleMs);
    this.#idle.unref();
  }
}

export interface PagesThreadLife {
  /** Starts the thread before the first page is asked for. */
  warm(): void;
  /** Resolves when the thread is gone, and with it every open file. */
  stop(): Promise<void>;
}

/** Pages of versions, read in a thread of their own. */
export function createPagesClient(folders: StoreFolders): Omit<VersionPages, 'close'> & PagesThreadLife {
  const thread = new PagesThread(folders);
  return {
    page: async (version, request, signal) => (await thread.ask(version, { kind: 'page', request }, signal)) as RowPage,
    row: async (version, id) => (await thread.ask(version, { kind: 'row', id })) as CanonicalRow,
    rowsAt: async (version, places) => (await thread.ask(version, { kind: 'rows-at', places })) as PagedRow[],
    rejects: async (version, range) => (await thread.ask(version, { kind: 'rejects', ...range })) as RejectsPage,
    warm: () => thread.warm(),
    stop: () => thread.stop(),
  };
}
