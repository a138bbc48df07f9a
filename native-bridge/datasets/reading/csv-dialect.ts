import { CsvScan } from './csv-scan.ts';

const candidates = ['\t', ';', '|', ','] as const;
const recordsSampled = 200;

interface Candidate {
  readonly delimiter: string;
  /** Fields of the first record. */
  readonly columns: number;
  /** Share of the sampled records that have as many fields as the first, 0 to 1. */
  readonly agreement: number;
}

/** Numbers of fields of the first records of a text, quotes respected; a record with a wrong quote ends the count of its line only. */
function fieldCounts(bytes: Buffer, delimiter: string, isWhole: boolean): number[] {
  const scan = new CsvScan(delimiter, 1);
  scan.use(bytes, bytes.length);
  [scan.limit, scan.atEnd] = [bytes.length, isWhole];
  const counts: number[] = [];
  let position = 0;
  while (position < bytes.length && counts.length < recordsSampled) {
    const byte = bytes[position];
    if (byte === 10 || byte === 13) {
      position += 1;
      continue;
    }
    const outcome = scan.scan(bytes, position);
    if (outcome === 'more' && counts.length > 0) break;
    // A first record that is longer than the sample has at least the fields seen so far.
    counts.push(outcome === 'complete' || outcome === 'more' ? scan.count : 0);
    if (outcome === 'more') break;
    const feed = bytes.indexOf(10, position);
    position = outcome === 'complete' ? scan.next : feed === -1 ? bytes.length : feed + 1;
  }
  return counts;
}

function judge(bytes: Buffer, delimiter: string, isWhole: boolean): Candidate {
  const counts = fieldCounts(bytes, delimiter, isWhole);
  const columns = counts.find((count) => count > 0) ?? 1;
  if (columns < 2) return { delimiter, columns, agreement: 0 };
  return { delimiter, columns, agreement: counts.filter((count) => count === columns).length / counts.length };
}

/** Excel's own way to say it: a first line `sep=;`. */
const statedDelimiter = /^sep=([\t;,|:^~ ])(?:\r\n|\n|\r)/i;

export interface CsvSeparation {
  /** Null where no separator divides the first record: one column. */
  readonly delimiter: string | null;
  readonly columns: number;
  /** 0 to 1. */
  readonly agreement: number;
  /** Bytes of a `sep=` line in front of the table. */
  readonly prefaceBytes: number;
}

/**
 * The separator that divides the first record and agrees with it on most of the others (RFC 4180 quoting, so that separators inside quotes do not count).
 * On a tie the rarer sign in prose wins: decimal commas must not make a table of `1,5;2,5` three columns wide.
 */
export function separationOf(bytes: Buffer, isWhole: boolean, stated?: string): CsvSeparation {
  const preface = statedDelimiter.exec(bytes.toString('latin1', 0, 16));
  const prefaceBytes = preface === null ? 0 : preface[0].length;
  const table = bytes.subarray(prefaceBytes);
  const fixed = stated ?? preface?.[1];
  if (fixed !== undefined) return { ...judge(table, fixed, isWhole), agreement: 1, prefaceBytes };
  const [best] = candidates
    .map((delimiter) => judge(table, delimiter, isWhole))
    .toSorted((a, b) => b.agreement - a.agreement);
  if (best === undefined || best.agreement === 0) return { delimiter: null, columns: 1, agreement: 0, prefaceBytes };
  return { ...best, prefaceBytes };
}

/** Cells that a header has and examples have not: the names that the formats of the field give their columns. */
const knownNames =
  /^(?:id|prompt|question|instruction|input|query|user|context|system|text|completion|response|answer|output|reply|assistant|chosen|rejected|label|category|source|lang(?:uage)?|title|body|messages|conversations?|group|domain|frage|antwort)$/i;
const longestName = 64;

function isNumeric(cell: string): boolean {
  return cell.trim() !== '' && /^[-+]?[\d.,]+(?:e[-+]?\d+)?%?$/i.test(cell.trim());
}

function looksLikeName(cell: string): boolean {
  const name = cell.trim();
  return name !== '' && name.length <= longestName && !isNumeric(name) && !/[\n\r]|[.?!:]$/.test(name);
}

/** Whether the first record names the columns. In doubt it does: that is what people's files have. */
export function isHeader(first: readonly string[], following: readonly (readonly string[])[]): boolean {
  if (first.some((cell) => knownNames.test(cell.trim()))) return true;
  const filled = first.filter((cell) => cell.trim() !== '');
  if (filled.length === 0 || filled.some((cell) => !looksLikeName(cell))) return false;
  // The same short text again below is a value of a column, not its name.
  return !following.some((cells) => cells.some((cell, index) => cell !== '' && cell === first[index]));
}

/** Column names as they are used from here on: trimmed, `column_3` for an empty one, a repeated one with `_2` (D-4). */
export function columnNames(cells: readonly string[]): string[] {
  const used = new Set<string>();
  const copies = new Map<string, number>();
  return cells.map((cell, index) => {
    const name = cell.trim() === '' ? `column_${index + 1}` : cell.trim();
    let copy = copies.get(name) ?? 1;
    let unique = copy === 1 ? name : `${name}_${copy}`;
    for (; used.has(unique); unique = `${name}_${copy}`) copy += 1;
    copies.set(name, copy);
    used.add(unique);
    return unique;
  });
}
