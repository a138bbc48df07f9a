import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);
const gibibyte = 2 ** 30;
const readingProcess = path.resolve(import.meta.dirname, '../../../tests/fixtures/read-records-process.ts');
const reading = z.object({ records: z.number(), rejected: z.number(), peakBytes: z.number() });

/** A file whose middle is a hole, which takes no room on the disk and reads as NULs. */
async function writeSparse(file: string, parts: { head: string; bytes: number; tail: string }): Promise<void> {
  const handle = await open(file, 'w');
  try {
    await handle.write(parts.head, 0);
    await handle.write(parts.tail, parts.bytes);
  } finally {
    await handle.close();
  }
}

for (const [name, head, tail] of [
  ['JSON lines', `{"a":1}\n{"a":"${'x'.repeat(2 ** 21)}`, '"}\n{"a":2}\n'],
  ['a table', `a,b\n1,2\n${'x'.repeat(2 ** 21)}`, ',3\n4,5\n'],
  ['a JSON array', `[{"a":1},\n{"a":"${'x'.repeat(2 ** 21)}`, '"},\n{"a":2}]\n'],
] as const) {
  test(`one line of 2 GiB in ${name} costs that record and no memory`, async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'forge-large-line-'));
    try {
      const file = path.join(folder, 'line.txt');
      await writeSparse(file, { head, bytes: 2 * gibibyte, tail });
      const { stdout } = await run(process.execPath, [readingProcess, 'read', file]);
      const { records, rejected, peakBytes } = reading.parse(JSON.parse(stdout));
      assert.deepEqual([records, rejected], [3, 1]);
      assert.ok(peakBytes < 300_000_000, `${Math.round(peakBytes / 1e6)} MB`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}
