import type { DatasetContainer } from '#contract/datasets.ts';
import type { DatasetSource, SourceRecord } from './dataset-source.ts';
import { hashText } from './text-hash.ts';

/** A source that holds its records in memory, in batches of `batchSize`, for tests. */
export function createFakeDatasetSource(
  records: readonly SourceRecord[],
  container: DatasetContainer = 'jsonl',
  batchSize = 3,
): DatasetSource {
  return {
    name: 'examples.jsonl',
    path: 'examples.jsonl',
    container,
    delimiter: container === 'csv' ? ',' : null,
    encoding: { name: 'utf-8', certain: true },
    async *records() {
      for (let start = 0; start < records.length; start += batchSize) {
        yield await Promise.resolve(records.slice(start, start + batchSize));
      }
    },
    fingerprint: () => ({ sizeBytes: records.length, sha256: '0'.repeat(64) }),
    digest: (text) =>
      [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => hashText(text, seed).toString(16).padStart(8, '0')).join(''),
  };
}

/** Parsed JSON lines, numbered from 1. */
export function valueRecords(values: readonly unknown[]): SourceRecord[] {
  return values.map((value, index) => ({ kind: 'value', line: index + 1, value, flags: [] }));
}

/** CSV records, the header first, numbered from 1. */
export function fieldRecords(rows: readonly (readonly string[])[]): SourceRecord[] {
  return rows.map((fields, index) => ({ kind: 'fields', line: index + 1, fields, flags: [] }));
}
