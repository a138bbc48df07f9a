import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { SchemaElement } from 'hyparquet';
import { openRecordSource } from './open-record-source.ts';

const optional = { repetition_type: 'OPTIONAL' } as const;
const text = (name: string): SchemaElement => ({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', ...optional });
const group = (name: string, children: number, more: Partial<SchemaElement> = {}): SchemaElement => ({
  ...{ name, num_children: children, ...optional },
  ...more,
});
const list = (name: string, item: readonly SchemaElement[]): SchemaElement[] => [
  group(name, 1, { converted_type: 'LIST' }),
  group('list', 1, { repetition_type: 'REPEATED' }),
  ...item,
];

/** A list of turns as `datasets` writes it, a struct in a struct, and a list of lists. */
const schema: SchemaElement[] = [
  { name: 'root', num_children: 3 },
  ...list('messages', [group('element', 2), text('role'), text('content')]),
  ...[group('about', 2), text('lang'), group('more', 1), { name: 'score', type: 'DOUBLE', ...optional } as const],
  ...list('matrix', list('element', [{ name: 'element', type: 'INT32', ...optional }])),
];

const rows = Array.from({ length: 2_300 }, (_, row) => ({
  messages: [
    { role: 'user', content: `Where is parcel ${row}?` },
    { role: 'assistant', content: row % 7 === 0 ? '' : `Shelf ${row}.` },
  ].slice(0, row % 11 === 0 ? 0 : 2),
  about: row % 5 === 0 ? null : { lang: 'en', more: { score: row / 2 } },
  matrix: [[row, row + 1], [], [null, 3]],
}));

test('nested columns of Parquet (lists of structs, structs in structs, lists of lists, nothing) come as the values they are', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'forge-nested-'));
  try {
    const file = path.join(folder, 'nested.parquet');
    const columnData = (['messages', 'about', 'matrix'] as const).map((name) => ({
      name,
      data: rows.map((row) => row[name]),
    }));
    await writeFile(file, Buffer.from(parquetWriteBuffer({ columnData, schema, rowGroupSize: 1_000 })));
    const source = await openRecordSource(file);
    assert.deepEqual(source.shape.columns, ['messages', 'about', 'matrix']);
    const values: unknown[] = [];
    for await (const { records } of source.records())
      for (const record of records) values.push(record.kind === 'value' ? record.value : record);
    assert.equal(values.length, rows.length);
    for (const row of [0, 1, 5, 7, 11, 999, 1_000, 2_299]) assert.deepEqual(values[row], rows[row], `row ${row}`);
  } finally {
    await rm(folder, { recursive: true });
  }
});
