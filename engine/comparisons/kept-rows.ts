import { mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { KeptRow } from '#contract/comparisons.ts';
import { ForgeError } from '#contract/errors.ts';
import { writeFileAtomic } from '#native-bridge/files/write-file-atomic.ts';
import { oneByOne } from '../one-by-one.ts';

export type KeptAs = 'example' | 'preference';

/** Answers kept for learning: `FORGE_HOME/datasets/kept/{examples,preferences}.jsonl`, rows of `forge.row/1`. */
export interface KeptRows {
  /** Puts a row in place of what its turn had there; the same row again changes nothing. The path of the file. */
  keep(as: KeptAs, row: KeptRow): Promise<string>;
  /** Takes out the row of a turn, and nothing else. True when there was one. */
  unkeep(as: KeptAs, mark: string): Promise<boolean>;
}

const names: Readonly<Record<KeptAs, string>> = { example: 'examples.jsonl', preference: 'preferences.jsonl' };
/** The file is written whole at each change, which a larger one would make slow. */
const maximumBytes = 256 * 1024 * 1024;

export function createKeptRows(directory: string): KeptRows {
  const inTurn = oneByOne();
  const fileOf = (as: KeptAs): string => path.join(directory, names[as]);
  return {
    keep: (as, row) =>
      inTurn(async () => {
        const file = fileOf(as);
        const lines = await readLines(file);
        const line = JSON.stringify(row);
        const mark = row.source.id;
        const rest = lines.filter((known) => mark === undefined || markOf(known) !== mark);
        if (lines.includes(line) && rest.length === lines.length - 1) return file;
        await mkdir(directory, { recursive: true });
        await writeFileAtomic(file, asText([...rest, line]));
        return file;
      }),
    unkeep: (as, mark) =>
      inTurn(async () => {
        const file = fileOf(as);
        const lines = await readLines(file);
        const rest = lines.filter((line) => markOf(line) !== mark);
        if (rest.length === lines.length) return false;
        await writeFileAtomic(file, asText(rest));
        return true;
      }),
  };
}

const asText = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** Lines as they are: a person may have edited the file, and what is not understood stays. */
async function readLines(file: string): Promise<string[]> {
  try {
    const { size } = await stat(file);
    if (size > maximumBytes)
      throw new ForgeError('dataset.too-large', {
        path: file,
        size: `${Math.round(size / 2 ** 20)} MiB`,
        limit: '256 MiB',
      });
    return (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function markOf(line: string): string | null {
  try {
    const { source } = JSON.parse(line) as { source?: { id?: unknown } };
    return typeof source?.id === 'string' ? source.id : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
