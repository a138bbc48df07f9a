import { Worker } from 'node:worker_threads';
import { ForgeError } from '#contract/errors.ts';
import type { ReadingAnswer, ReadingRequest } from './reading-protocol.ts';

export type FinishedReading = Extract<ReadingAnswer, { kind: 'read' }>;

/** Reads files beside the engine's own thread; one request at a time. */
export interface ReadingWorker {
  /** Aborting ends the thread with its work. @throws ForgeError dataset.* */
  read(request: ReadingRequest, signal?: AbortSignal): Promise<FinishedReading>;
  dispose(): void;
}

/** A thread holds the rows of its last file; it goes when nobody asks for another split of them. */
const idleMs = 60_000;

/** Beside this file, from source as in the desktop shell's bundle. */
function threadEntry(): URL {
  const name = import.meta.url.endsWith('.ts') ? './reading-thread.ts' : './reading-thread.mjs';
  return new URL(name, import.meta.url);
}

/** Starts the thread at the first request. */
export function createReadingWorker(entry = threadEntry()): ReadingWorker {
  let thread: Worker | null = null;
  let idle: NodeJS.Timeout | null = null;
  const stop = (): void => {
    if (idle !== null) clearTimeout(idle);
    void thread?.terminate();
    [thread, idle] = [null, null];
  };
  const rest = (): void => {
    idle = setTimeout(stop, idleMs);
    idle.unref();
  };
  const started = (): Worker => {
    if (idle !== null) clearTimeout(idle);
    thread ??= newThread(entry, (ended) => (thread = thread === ended ? null : thread));
    return thread;
  };
  return {
    async read(request, signal) {
      signal?.throwIfAborted();
      const answer = await ask(started(), request, signal).catch((error: unknown) => {
        stop();
        throw error;
      });
      rest();
      if (answer.kind === 'read') return answer;
      if (answer.kind === 'refused') throw new ForgeError(answer.code, answer.detail);
      throw new Error(`reading ${request.choice.file} failed with a bug: ${answer.stack}`);
    },
    dispose: stop,
  };
}

/** A thread whose end is noticed also while nobody waits for it. */
function newThread(entry: URL, onEnd: (thread: Worker) => void): Worker {
  const thread = new Worker(entry);
  thread.on('error', () => onEnd(thread)).on('exit', () => onEnd(thread));
  thread.unref();
  return thread;
}

/** Rejects when the thread ends or the signal aborts; the thread is then of no more use. */
async function ask(thread: Worker, request: ReadingRequest, signal: AbortSignal | undefined): Promise<ReadingAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ReadingAnswer>();
  const onExit = (code: number): void => reject(new Error(`the reading thread ended with code ${code}`));
  const onAbort = (): void => reject(signal?.reason as Error);
  thread.on('message', resolve).on('error', reject).on('exit', onExit);
  signal?.addEventListener('abort', onAbort);
  // Alive while somebody waits, so that a short-lived process does not end under its question.
  thread.ref();
  thread.postMessage(request);
  try {
    return await promise;
  } finally {
    thread.off('message', resolve).off('error', reject).off('exit', onExit);
    signal?.removeEventListener('abort', onAbort);
    thread.unref();
  }
}
