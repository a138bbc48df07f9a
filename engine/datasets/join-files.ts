import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { DatasetRow } from '#contract/datasets.ts';
import { ForgeError } from '#contract/errors.ts';
import { suggestModelName } from '#contract/main-job.ts';
import { readDataset } from '#core/datasets/read-dataset.ts';
import type { FetchStep } from '#core/ports/base-model-store.ts';
import { openDatasetSource } from '#native-bridge/files/dataset-source.ts';

export interface FilePart {
  readonly path: string;
  /** Name to show. */
  readonly name: string;
}

export interface Joining {
  readonly files: readonly FilePart[];
  /** Folder the joined file goes to. */
  readonly folder: string;
  /** What the whole is called; its digest is added. */
  readonly name: string;
}

export interface JoinedFiles {
  readonly path: string;
  readonly rows: number;
  /** What was left out and why, one entry each. */
  readonly leftOut: readonly string[];
}

const writtenRows = 1_000;

/**
 * Puts the rows of several files into one JSONL file of conversations. Each file is read by its own shape; what cannot be used is left out and told, not
 * fatal. The same rows give the same file.
 */
export async function joinFiles({ files, folder, name }: Joining, step: FetchStep): Promise<JoinedFiles> {
  await mkdir(folder, { recursive: true });
  const part = path.join(folder, `.${randomBytes(8).toString('hex')}.part`);
  const file = await open(part, 'wx');
  try {
    const { rows, digest, leftOut } = await writeAll(file, files, step).finally(() => file.close());
    const target = path.join(folder, `${suggestModelName(name)}-${digest.slice(0, 12)}.jsonl`);
    if (rows > 0) await rename(part, target);
    return { path: target, rows, leftOut };
  } catch (error) {
    if (error instanceof Error && !('path' in error)) Object.assign(error, { path: folder });
    throw error;
  } finally {
    await rm(part, { force: true });
  }
}

async function writeAll(file: FileHandle, files: readonly FilePart[], { signal, report }: FetchStep) {
  const hash = createHash('sha256');
  const leftOut: string[] = [];
  let rows = 0;
  for (const [index, part] of files.entries()) {
    signal.throwIfAborted();
    report({ text: `reading ${part.name}`, fraction: index / files.length });
    const read = await readPart(part, signal);
    leftOut.push(...read.leftOut);
    rows += read.rows.length;
    for (let start = 0; start < read.rows.length; start += writtenRows) {
      const text = read.rows
        .slice(start, start + writtenRows)
        .map((row) => lineOf(row, read.hasGroups))
        .join('');
      hash.update(text);
      await file.writeFile(text);
    }
  }
  await file.sync();
  return { rows, digest: hash.digest('hex'), leftOut };
}

interface ReadPart {
  readonly rows: readonly DatasetRow[];
  readonly hasGroups: boolean;
  readonly leftOut: readonly string[];
}

async function readPart({ path: file, name }: FilePart, signal: AbortSignal): Promise<ReadPart> {
  try {
    const source = await openDatasetSource(file, { signal: signal, name });
    const { rows, report } = await readDataset(source, { minimumRows: 1 });
    const { total } = report.rejected;
    const leftOut = total === 0 ? [] : [`${total} ${total === 1 ? 'record' : 'records'} of ${name}`];
    return { rows, hasGroups: report.groups.origin === 'column', leftOut };
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    const said = error.message.replaceAll(file, name).replace(/\.$/, '');
    return { rows: [], hasGroups: false, leftOut: [said.includes(name) ? said : `${name}: ${said}`] };
  }
}

/** Groups found by likeness are found again over all files; those of a column are kept. */
function lineOf({ messages, group }: DatasetRow, hasGroups: boolean): string {
  return `${JSON.stringify(hasGroups ? { messages, group } : { messages })}\n`;
}
