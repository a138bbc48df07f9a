import { CsvError, parse } from 'csv-parse/sync';
import type { RowFlag } from '#contract/datasets.ts';
import type { SourceRecord } from '#core/datasets/dataset-source.ts';
import type { createRecordDecoder, RawRecord } from './dataset-source-text.ts';

/** Fields of well-cut records. csv-parse judges the quotes; a record with another number of fields is passed on for the reader to reject. */
function parseFields(text: string, delimiter: string): string[][] {
  return parse(text, {
    delimiter,
    record_delimiter: ['\n'],
    relax_column_count: true,
    skip_empty_lines: false,
    trim: true,
    max_record_size: 0,
  });
}

interface DecodedCsvRecord {
  readonly line: number;
  readonly text: string;
  readonly flags: readonly RowFlag[];
}

function fieldsRecord(record: DecodedCsvRecord, fields: readonly string[]): SourceRecord {
  return { kind: 'fields', line: record.line, fields, flags: record.flags };
}

function parseOne(record: DecodedCsvRecord, delimiter: string): SourceRecord {
  try {
    const rows = parseFields(record.text, delimiter);
    if (rows.length === 1) return fieldsRecord(record, rows[0] ?? []);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
  }
  const message = 'its quotes are not as in CSV (a quote inside a field must be doubled and the field quoted)';
  return { kind: 'bad', line: record.line, reason: 'BAD_QUOTE', message, excerpt: record.text.slice(0, 200) };
}

function parseTogether(records: readonly DecodedCsvRecord[], delimiter: string): SourceRecord[] | undefined {
  try {
    const rows = parseFields(records.map((record) => record.text).join('\n'), delimiter);
    if (rows.length !== records.length) return undefined;
    return records.map((record, index) => fieldsRecord(record, rows[index] ?? []));
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

/** Parses records together, which is fast, and one by one where that does not work out, so one bad record costs one record. */
export function createCsvParser(
  delimiter: string,
  decode: ReturnType<typeof createRecordDecoder>,
): (records: readonly RawRecord[]) => SourceRecord[] {
  return (records) => {
    const bad: SourceRecord[] = [];
    const good: DecodedCsvRecord[] = [];
    for (const record of records) {
      if ('reason' in record) bad.push({ kind: 'bad', ...record });
      else {
        const decoded = decode(record);
        if (decoded.ok) good.push({ line: record.line, text: decoded.text, flags: decoded.flags });
        else bad.push({ kind: 'bad', ...decoded.rejected });
      }
    }
    const parsed = parseTogether(good, delimiter) ?? good.map((record) => parseOne(record, delimiter));
    return bad.length === 0 ? parsed : [...parsed, ...bad].toSorted((a, b) => a.line - b.line);
  };
}
