import { Worker } from 'node:worker_threads';
import type { StoreFolders } from '#native-bridge/datasets/store/store-places.ts';
import { wishes, type FoundryTask, type JobProgress, type ThreadMessage } from './job-protocol.ts';

export type ThreadEnd = Exclude<ThreadMessage, { kind: 'progress' }>;

/** A job that runs in a thread of its own. */
export interface ThreadRun {
  /** Resolves once, whatever ends the thread. */
  readonly ended: Promise<ThreadEnd>;
  /** Asks it to stop where it can go on later, or for good. A thread that does not within its time is ended. */
  stop(how: 'pause' | 'cancel'): void;
}

/** Rows live shortly: a small young generation keeps the process small (D-2: 300 MB) and costs a few per cent of the time. */
const resourceLimits = { maxYoungGenerationSizeMb: 12 };

/** Work stops between pieces of some 100 ms; a piece that takes longer must not hold a cancel up (<= 1 s in all). */
const cancelMs = 700;
/** A pause first writes down what it needs to go on; without it the last checkpoint serves. */
const pauseMs = 5_000;

/** Beside this file, from source as in the desktop shell's bundle. */
function threadEntry(): URL {
  const name = import.meta.url.endsWith('.ts') ? './foundry-thread.ts' : './foundry-thread.mjs';
  return new URL(name, import.meta.url);
}

export function startThread(
  task: FoundryTask,
  { folders, onProgress }: { folders: StoreFolders; onProgress: (progress: JobProgress) => void },
): ThreadRun {
  const control = new SharedArrayBuffer(4);
  const thread = new Worker(threadEntry(), { workerData: { task, folders, control }, resourceLimits });
  const { promise: ended, resolve } = Promise.withResolvers<ThreadEnd>();
  let [wish, deadline]: [number, NodeJS.Timeout | null] = [wishes.goOn, null];
  thread.on('message', (message: ThreadMessage) => {
    if (message.kind === 'progress') onProgress(message.progress);
    else resolve(message);
  });
  thread.on('error', (error) => resolve({ kind: 'bug', stack: error.stack ?? error.message }));
  thread.on('exit', (code) => {
    if (deadline !== null) clearTimeout(deadline);
    const stopped: ThreadEnd = { kind: 'stopped' };
    resolve(wish === wishes.goOn ? { kind: 'bug', stack: `the thread ended with code ${code}` } : stopped);
  });
  return {
    ended,
    stop(how) {
      wish = wishes[how];
      Atomics.store(new Int32Array(control), 0, wish);
      if (deadline !== null) clearTimeout(deadline);
      deadline = setTimeout(() => void thread.terminate(), how === 'cancel' ? cancelMs : pauseMs);
    },
  };
}
