import path from 'node:path';
import { AppendFile } from '../store/append-file.ts';
import { csvLine } from './csv-text.ts';
import { openParquetFile } from './parquet-file.ts';

/** A column of a CSV or Parquet file; `json` ones hold lists and objects. */
export interface WrittenColumn {
  readonly name: string;
  readonly holds: 'text' | 'json' | 'truth';
}

/** One file of records that grows. Everything is synchronous but `finish`: for a thread of its own. */
export interface RecordFile {
  add(record: Readonly<Record<string, unknown>>): void;
  /** Resolves once the file is whole and outlives a power loss. */
  finish(): Promise<void>;
  /** Lets go of the file as it is. */
  abandon(): void;
}

function lines(file: string, lineOf: (record: Readonly<Record<string, unknown>>) => string, head = ''): RecordFile {
  const output = new AppendFile(file, 0);
  if (head !== '') output.append(Buffer.from(head));
  return {
    add: (record) => output.append(Buffer.from(lineOf(record))),
    async finish() {
      await output.sync();
      output.close();
    },
    abandon: () => output.close(),
  };
}

/** Opens a new file by the ending of its name: `.jsonl`, `.csv` or `.parquet`. The columns count for the last two. */
export async function openRecordFile(file: string, columns: readonly WrittenColumn[]): Promise<RecordFile> {
  const extension = path.extname(file);
  if (extension === '.parquet') return openParquetFile(file, columns);
  if (extension === '.jsonl') return lines(file, (record) => `${JSON.stringify(record)}\n`);
  const names = columns.map(({ name }) => name);
  return lines(file, (record) => csvLine(names.map((name) => record[name])), csvLine(names));
}
