import { Worker } from 'node:worker_threads';
import type { StoreFolders } from '#native-bridge/datasets/store/store-places.ts';
import { answerWithTokens } from './counting-tokens.ts';
import { wishes, type CountTokens, type FoundryTask, type JobProgress, type ThreadMessage } from './job-protocol.ts';

export type ThreadEnd = Exclude<ThreadMessage, { kind: 'progress' | 'count-tokens' }>;

/** A job that runs in a thread of its own. */
export interface ThreadRun {
  /** Resolves once, whatever ends the thread. */
  readonly ended: Promise<ThreadEnd>;
  /** Asks it to stop where it can go on later, or for good. A thread that does not within its time is ended. */
  stop(how: 'pause' | 'cancel'): void;
}

/**
 * Rows live shortly: a small young generation keeps an import small (D-2: 300 MB) and costs it a few per cent of the time. It would cost checks, which do less
 * with each row, a fifth of theirs.
 */
const youngGenerationMb = { import: 12, other: 32 };

/** Work stops between pieces of some 100 ms; a piece that takes longer must not hold a cancel up (<= 1 s in all). */
const cancelMs = 700;
/** A pause first writes down what it needs to go on; without it the last checkpoint serves. */
const pauseMs = 5_000;

/** Beside this file, from source as in the desktop shell's bundle. */
function threadEntry(): URL {
  const name = import.meta.url.endsWith('.ts') ? './foundry-thread.ts' : './foundry-thread.mjs';
  return new URL(name, import.meta.url);
}

export interface ThreadParts {
  readonly folders: StoreFolders;
  readonly countTokens: CountTokens;
  readonly onProgress: (progress: JobProgress) => void;
}

export function startThread(task: FoundryTask, { folders, countTokens, onProgress }: ThreadParts): ThreadRun {
  const control = new SharedArrayBuffer(4);
  const isImport = task.kind === 'import' || task.kind === 'documents';
  const resourceLimits = { maxYoungGenerationSizeMb: isImport ? youngGenerationMb.import : youngGenerationMb.other };
  const thread = new Worker(threadEntry(), { workerData: { task, folders, control }, resourceLimits });
  const { promise: ended, resolve } = Promise.withResolvers<ThreadEnd>();
  let [wish, deadline]: [number, NodeJS.Timeout | null] = [wishes.goOn, null];
  const tokensFor = async (asked: Parameters<typeof answerWithTokens>[0]): Promise<void> => {
    try {
      thread.postMessage(await answerWithTokens(asked, countTokens));
    } catch (error) {
      void thread.terminate();
      resolve({ kind: 'bug', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  };
  thread.on('message', (message: ThreadMessage) => {
    if (message.kind === 'progress') onProgress(message.progress);
    else if (message.kind === 'count-tokens') void tokensFor(message);
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
