/** Takes one document apart, where a hostile one can do no harm but to this thread. Started by `document-reader.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { DocumentError } from '#native-bridge/datasets/documents/document-limits.ts';
import { takeApart } from '#native-bridge/datasets/documents/read-document.ts';

export interface DocumentTask {
  readonly file: string;
  readonly kind: Parameters<typeof takeApart>[1];
}

export type DocumentAnswer =
  | { readonly kind: 'done'; readonly content: Awaited<ReturnType<typeof takeApart>> }
  | { readonly kind: 'failed'; readonly reason: string };

async function answer({ file, kind }: DocumentTask): Promise<DocumentAnswer> {
  try {
    return { kind: 'done', content: await takeApart(file, kind) };
  } catch (error) {
    const isKnown = error instanceof DocumentError;
    return {
      kind: 'failed',
      reason: isKnown ? error.message : `it could not be read (${String(error).slice(0, 200)})`,
    };
  }
}

// PDF.js reads ahead: a damaged entry rejects there as well, where nobody waits for it. What is waited for says what is wrong.
process.on('unhandledRejection', () => undefined);

void answer(workerData as DocumentTask).then((result) => parentPort?.postMessage(result));
