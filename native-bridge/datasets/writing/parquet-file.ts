import { open } from 'node:fs/promises';
import type { RecordFile, WrittenColumn } from './record-files.ts';

/** Rows of one row group: what is held in memory at a time. */
const groupRows = 5_000;
const groupCharacters = 16_000_000;

const kinds = { text: 'STRING', json: 'JSON', truth: 'BOOLEAN' } as const;

/** Parquet with Snappy; text as UTF-8, lists and objects as the logical type JSON, which readers give back as values. */
export async function openParquetFile(file: string, columns: readonly WrittenColumn[]): Promise<RecordFile> {
  const { fileWriter, ParquetWriter } = await import('hyparquet-writer');
  const schema = [
    { name: 'root', num_children: columns.length },
    ...columns.map(({ name, holds }) =>
      holds === 'truth'
        ? ({ name, type: 'BOOLEAN', repetition_type: 'OPTIONAL' } as const)
        : ({
            name,
            type: 'BYTE_ARRAY',
            repetition_type: 'OPTIONAL',
            converted_type: holds === 'json' ? 'JSON' : 'UTF8',
          } as const),
    ),
  ];
  const writer = new ParquetWriter({ writer: fileWriter(file), schema, createdBy: 'forge' });
  let [waiting, characters]: [Readonly<Record<string, unknown>>[], number] = [[], 0];

  function valueOf(record: Readonly<Record<string, unknown>>, { name, holds }: WrittenColumn): unknown {
    const value = record[name];
    if (value === undefined || value === null) return null;
    return holds === 'text' && typeof value !== 'string' ? JSON.stringify(value) : value;
  }

  function flush(): void {
    if (waiting.length === 0) return;
    const rows = waiting;
    [waiting, characters] = [[], 0];
    const columnData = columns.map((column) => ({
      name: column.name,
      data: rows.map((record) => valueOf(record, column)),
      type: kinds[column.holds],
      nullable: true,
    }));
    void writer.write({ columnData, rowGroupSize: rows.length });
  }

  return {
    add(record) {
      waiting.push(record);
      for (const value of Object.values(record)) characters += typeof value === 'string' ? value.length : 200;
      if (waiting.length >= groupRows || characters >= groupCharacters) flush();
    },
    async finish() {
      flush();
      await writer.finish();
      const handle = await open(file, 'r+');
      await handle.sync();
      await handle.close();
    },
    abandon: () => undefined,
  };
}
