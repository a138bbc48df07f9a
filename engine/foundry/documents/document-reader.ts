import { Worker } from 'node:worker_threads';
import { DocumentError, documentLimits } from '#native-bridge/datasets/documents/document-limits.ts';
import type { DocumentAnswer, DocumentTask } from './document-thread.ts';

/** Beside this file, from source as in the desktop shell's bundle. */
function threadEntry(): URL {
  const name = import.meta.url.endsWith('.ts') ? './document-thread.ts' : './document-thread.mjs';
  return new URL(name, import.meta.url);
}

/**
 * Takes a document apart in a thread of its own, with a limit on time and memory.
 * @throws DocumentError with the reason for people; the signal's reason
 */
export async function takeApartInThread(
  task: DocumentTask,
  { signal, timeMs = documentLimits.timeMs }: { readonly signal: AbortSignal; readonly timeMs?: number },
): Promise<Extract<DocumentAnswer, { kind: 'done' }>['content']> {
  signal.throwIfAborted();
  const resourceLimits = { maxOldGenerationSizeMb: documentLimits.memoryMb };
  const { promise, resolve, reject } = Promise.withResolvers<DocumentAnswer>();
  const thread = new Worker(threadEntry(), { workerData: task, resourceLimits, stdout: true, stderr: true });
  const stop = (): void => reject(signal.reason);
  const late = setTimeout(() => reject(new DocumentError(`reading it took more than ${timeMs / 1000} s`)), timeMs);
  thread.on('message', resolve);
  thread.on('error', (error: NodeJS.ErrnoException) => {
    const isFull = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    reject(new DocumentError(isFull ? 'it needs too much memory' : 'it is damaged', { cause: error }));
  });
  thread.on('exit', () => reject(new DocumentError('reading it ended without a result')));
  signal.addEventListener('abort', stop, { once: true });
  try {
    const answer = await promise;
    if (answer.kind === 'failed') throw new DocumentError(answer.reason);
    return answer.content;
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
    await thread.terminate();
  }
}
