// Reads one made-up file after the other; the thread that started it watches that it goes on.
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { Finding } from './check-reading.ts';
import { fuzzOne } from './fuzz-one.ts';

const { first, until } = z.object({ first: z.number(), until: z.number() }).parse(workerData);

// As in the thread that takes documents apart: PDF.js rejects for damaged entries where nobody waits for it.
process.on('unhandledRejection', (reason) => {
  if (!/Exception/.test(reason instanceof Error ? reason.name : '')) throw reason;
});

for (let number = first; number < until; number += 1) {
  parentPort?.postMessage({ kind: 'begun', number });
  try {
    const { records, bytes } = await fuzzOne(number);
    parentPort?.postMessage({ kind: 'read', number, records, bytes });
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
    parentPort?.postMessage({ kind: 'finding', number, message: error.message });
    break;
  }
}
