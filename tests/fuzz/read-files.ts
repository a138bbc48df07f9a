// `node tests/fuzz/read-files.ts --seconds 60 --seed N`: made-up and broken files of every container are read in every way; ends with 1 on a finding.
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    /** Reads the file of one number only, which a finding names. */
    only: { type: 'string' },
  },
});
const seconds = z.coerce.number().positive().parse(values.seconds);
const first = z.coerce
  .number()
  .int()
  .nonnegative()
  .parse(values.only ?? values.seed);

/** No file of a few KiB may take longer. */
const longestFileMs = 20_000;
const largestHeapMiB = 512;

const message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('begun'), number: z.number() }),
  z.object({ kind: z.literal('read'), number: z.number(), records: z.number(), bytes: z.number() }),
  z.object({ kind: z.literal('finding'), number: z.number(), message: z.string() }),
]);

interface Fuzzed {
  readonly files: number;
  readonly records: number;
  readonly bytes: number;
  /** Undefined when all went well. */
  readonly finding: string | undefined;
}

function fuzz(): Promise<Fuzzed> {
  const until = values.only === undefined ? Number.MAX_SAFE_INTEGER : first + 1;
  const worker = new Worker(new URL('./fuzz-worker.ts', import.meta.url), {
    workerData: { first, until },
    resourceLimits: { maxOldGenerationSizeMb: largestHeapMiB },
  });
  let [files, records, bytes, current, begunAt] = [0, 0, 0, first, performance.now()];
  return new Promise((resolve) => {
    const end = (finding?: string): void => {
      clearInterval(clock);
      clearTimeout(deadline);
      resolve({ files, records, bytes, finding: finding === undefined ? undefined : `file ${current}: ${finding}` });
      void worker.terminate();
    };
    const clock = setInterval(() => {
      if (performance.now() - begunAt > longestFileMs) end(`it takes longer than ${longestFileMs / 1_000} s`);
    }, 500);
    const deadline = setTimeout(() => end(), seconds * 1_000);
    worker.on('error', (error) => end(`the reader broke down: ${error.stack ?? error.message}`));
    worker.on('exit', () => end());
    worker.on('message', (received: unknown) => {
      const told = message.parse(received);
      current = told.number;
      begunAt = performance.now();
      if (told.kind === 'finding') end(told.message);
      if (told.kind !== 'read') return;
      files += 1;
      records += told.records;
      bytes += told.bytes;
    });
  });
}

process.stdout.write(
  `Seed ${first}. The same files again: node tests/fuzz/read-files.ts --seconds ${seconds} --seed ${first}\n`,
);
const { files, records, bytes, finding } = await fuzz();
process.stdout.write(`${files} files of ${(bytes / 1e6).toFixed(1)} MB, ${records} records, seed ${first}\n`);
if (finding !== undefined) {
  process.stderr.write(
    `FOUND in ${finding}\nAgain: node tests/fuzz/read-files.ts --only ${/\d+/.exec(finding)?.[0]}\n`,
  );
  process.exitCode = 1;
}
