import { isUtf8 } from 'node:buffer';
import type { DatasetContainer, TextEncoding } from '#contract/datasets.ts';
import { isJson } from '#contract/json-text.ts';

/** What the first bytes of a file say. The file's name is not asked: extensions are often wrong. */
export interface SniffedDataset {
  readonly container: DatasetContainer;
  readonly encoding: { readonly name: TextEncoding; readonly certain: boolean };
  /** Bytes of the byte order mark to skip. */
  readonly markBytes: number;
  /** Field separator for csv, else null. */
  readonly delimiter: string | null;
}

const magics: readonly (readonly [bytes: readonly number[], name: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'a ZIP archive (Excel and Word files are such archives too)'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Excel or Word file'],
  [[0x1f, 0x8b], 'a gzip archive'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'a zstd archive'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF document'],
  [[0x50, 0x41, 0x52, 0x31], 'a Parquet file'],
  [[0x41, 0x52, 0x52, 0x4f, 0x57, 0x31], 'an Arrow file'],
  [[0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], 'an SQLite database'],
  [[0x47, 0x47, 0x55, 0x46], 'a GGUF model'],
  [[0x89, 0x50, 0x4e, 0x47], 'a PNG picture'],
  [[0xff, 0xd8, 0xff], 'a JPEG picture'],
  [[0x7f, 0x45, 0x4c, 0x46], 'a program'],
];

function startsWith(head: Buffer, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte);
}

/** In words what a binary file looks like; undefined for text. Judged on the first 64 KiB. */
export function binaryKind(head: Buffer): string | undefined {
  const magic = magics.find(([bytes]) => startsWith(head, bytes));
  if (magic !== undefined) return magic[1];
  if (startsWith(head, [0xff, 0xfe]) || startsWith(head, [0xfe, 0xff])) return undefined;
  const sample = head.subarray(0, 65_536);
  let [zeros, controls] = [0, 0];
  for (const byte of sample) {
    if (byte === 0) zeros += 1;
    else if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 27) controls += 1;
  }
  if (zeros > sample.length * 0.3) return 'UTF-16 text without its byte order mark, or binary data';
  if (zeros > 2 + sample.length * 0.002 || controls > 2 + sample.length * 0.02) return 'binary data';
  return undefined;
}

/** Complete lines of the head (the last one may be cut in the middle of a character). */
function completeLines(head: Buffer, complete: boolean): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = head.indexOf(10); end !== -1; end = head.indexOf(10, start)) {
    lines.push(head.subarray(start, end));
    start = end + 1;
  }
  if (complete || lines.length === 0) lines.push(head.subarray(start));
  return lines;
}

/**
 * UTF-8 unless the lines say otherwise. Lines that are not UTF-8 and none that needs it: Windows-1252, which cannot be proved
 * (`certain` false). Both kinds of lines: UTF-8, and the reader rejects the others one by one.
 */
function detectEncoding(head: Buffer, complete: boolean): Omit<SniffedDataset, 'container' | 'delimiter'> {
  if (startsWith(head, [0xef, 0xbb, 0xbf])) return { encoding: { name: 'utf-8-bom', certain: true }, markBytes: 3 };
  if (startsWith(head, [0xff, 0xfe])) return { encoding: { name: 'utf-16le', certain: true }, markBytes: 2 };
  if (startsWith(head, [0xfe, 0xff])) return { encoding: { name: 'utf-16be', certain: true }, markBytes: 2 };
  const lines = completeLines(head, complete);
  const wide = lines.filter((line) => line.some((byte) => byte >= 0x80));
  const fallback = wide.length > 0 && !wide.some((line) => isUtf8(line));
  return {
    encoding: fallback ? { name: 'windows-1252', certain: false } : { name: 'utf-8', certain: true },
    markBytes: 0,
  };
}

function detectContainer(text: string): DatasetContainer {
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.trim());
  const filled = lines.filter((line) => line !== '').slice(0, 200);
  const first = filled[0] ?? '';
  const objects = filled.filter((line) => line.startsWith('{') && line.endsWith('}')).length;
  if (first.startsWith('{')) return isJson(first) || objects * 2 >= filled.length ? 'jsonl' : 'json-array';
  if (/^\[\s*([{\]["]|$)/.test(first)) return 'json-array';
  return objects >= 2 && objects * 2 >= filled.length ? 'jsonl' : 'csv';
}

const delimiters = [',', '\t', ';', '|'] as const;

/** Numbers of fields of the first records, quotes respected. */
function fieldCounts(text: string, delimiter: string, maximumRecords: number): number[] {
  const counts: number[] = [];
  let [fields, quoted, empty] = [1, false, true];
  for (const sign of text) {
    if (sign === '"') quoted = !quoted;
    if (sign === delimiter && !quoted) fields += 1;
    if (sign === '\n' && !quoted) {
      if (!empty) counts.push(fields);
      if (counts.length >= maximumRecords) return counts;
      [fields, empty] = [1, true];
    } else if (sign.trim() !== '') empty = false;
  }
  if (!empty) counts.push(fields);
  return counts;
}

/** The separator that splits the header and agrees with it on most of the first records. */
function detectDelimiter(text: string): string {
  const scored = delimiters.map((delimiter) => {
    const counts = fieldCounts(text, delimiter, 60);
    const header = counts[0] ?? 1;
    const agreeing = counts.filter((count) => count === header).length / Math.max(1, counts.length);
    return { delimiter, score: header < 2 ? 0 : agreeing };
  });
  return scored.toSorted((a, b) => b.score - a.score)[0]?.delimiter ?? ',';
}

/** Decides encoding, container and separator from the beginning of a file (`complete`: the head is the whole file). */
export function sniffDataset(head: Buffer, complete: boolean): SniffedDataset {
  const { encoding, markBytes } = detectEncoding(head, complete);
  const label = encoding.name === 'utf-8-bom' ? 'utf-8' : encoding.name;
  const text = new TextDecoder(label).decode(head.subarray(markBytes, markBytes + 262_144));
  const container = detectContainer(text);
  const delimiter = container === 'csv' ? detectDelimiter(text.replaceAll(/\r\n?/g, '\n')) : null;
  return { encoding, markBytes, container, delimiter };
}
