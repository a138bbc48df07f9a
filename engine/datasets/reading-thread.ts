/** The reading thread: a large file is read, compared and divided here, so that the engine answers meanwhile. Started by `reading-worker.ts`. */
import { parentPort } from 'node:worker_threads';
import { ForgeError } from '#contract/errors.ts';
import type { ReadDataset } from '#core/datasets/read-dataset.ts';
import { divideRows, readRowsOf, scoringOf } from './data-choice.ts';
import { placedSplit, type ReadingAnswer, type ReadingRequest } from './reading-protocol.ts';

let last: { readonly key: string; readonly read: ReadDataset } | null = null;

async function answer({ key, choice, wantsRows }: ReadingRequest): Promise<ReadingAnswer> {
  try {
    if (last?.key !== key) {
      last = null;
      last = { key, read: await readRowsOf(choice) };
    }
    const { read } = last;
    const split = placedSplit(read, divideRows(read.rows, choice));
    return { kind: 'read', rows: wantsRows ? { read, scoring: scoringOf(read.rows) } : null, split };
  } catch (error) {
    if (error instanceof ForgeError) return { kind: 'refused', code: error.code, detail: error.detail };
    return { kind: 'bug', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

parentPort?.on('message', (request: ReadingRequest) => {
  void answer(request).then((given) => parentPort?.postMessage(given));
});
