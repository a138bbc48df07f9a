import { gzipSync, zstdCompressSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { arrowBytes } from '../fixtures/bad-files/arrow-file.ts';
import { badFiles } from '../fixtures/bad-files/bad-files.ts';
import { cell } from '../fixtures/bad-files/example-rows.ts';
import type { SeededRandom } from '../fixtures/bad-files/seeded-random.ts';
import { zipFile } from '../fixtures/bad-files/zip-file.ts';

/** A file that the fuzzer made. */
export interface FuzzedFile {
  readonly fileName: string;
  readonly bytes: Buffer;
  /** What it unpacks to, where it is text of one byte a sign. */
  readonly text?: Buffer;
}

const pieces = [
  'a', 'Why is it so?', ' ', '"', '""', ',', ';', '\t', '|', '\n', '\r\n', '\r', '\\', '\\n', '\\u0000', '\\ud800', 'ä', '€', '😀', '\0', '{', '}', '[', ']',
  ':', 'null', '-1', '12345678901234567890', '1e400', 'NaN', '\uFEFF', "'", '#', 'sep=;', '<|im_start|>',
]; // prettier-ignore

function text(random: SeededRandom): string {
  return Array.from({ length: random.below(8) }, () => random.pick(pieces)).join('');
}

/**
 * A key without backslashes: V8 13 takes an escaped key for one that begins with a backslash where objects of such a shape came before, so that
 * `JSON.parse` of the same text would not always give the same.
 */
function key(random: SeededRandom): string {
  return text(random).replaceAll('\\', '');
}

function value(random: SeededRandom, depth: number): unknown {
  const kind = random.below(depth > 4 ? 5 : 8);
  if (kind === 0) return random.below(1_000_000) - 500_000;
  if (kind === 1) return random.chance(0.5);
  if (kind === 2) return null;
  if (kind < 5) return text(random);
  if (kind === 5) return Array.from({ length: random.below(4) }, () => value(random, depth + 1));
  return Object.fromEntries(Array.from({ length: random.below(5) }, () => [key(random), value(random, depth + 1)]));
}

function row(random: SeededRandom): Record<string, unknown> {
  return { prompt: text(random), answer: text(random), extra: value(random, 1) };
}

function tableText(random: SeededRandom): string {
  const delimiter = random.pick([',', ';', '\t', '|']);
  const lineEnd = random.pick(['\n', '\r\n', '\r']);
  const columns = 1 + random.below(5);
  const lines = Array.from({ length: random.below(60) }, () =>
    Array.from({ length: columns }, () => (random.chance(0.9) ? cell(text(random), delimiter) : text(random))).join(
      delimiter,
    ),
  );
  return lines.join(lineEnd) + (random.chance(0.8) ? lineEnd : '');
}

function jsonText(random: SeededRandom): string {
  const rows = Array.from({ length: random.below(40) }, () => row(random));
  if (random.chance(0.15)) return JSON.stringify({ exported: text(random), items: rows }, null, random.pick([0, 2]));
  if (random.chance(0.5)) return rows.map((one) => JSON.stringify(one)).join(random.pick(['\n', '\r\n', '\n\n']));
  const indent = random.pick([undefined, 1, 2, '\t']);
  return random.chance(0.7)
    ? JSON.stringify(rows, null, indent)
    : rows.map((one) => JSON.stringify(one, null, indent)).join('\n');
}

/** Larger ones would leave fewer files a second. */
const knownFiles = badFiles(7).filter(({ bytes }) => bytes.length < 50_000);

function anyText(random: SeededRandom): Buffer {
  const kind = random.below(4);
  if (kind === 0) return Buffer.from(Array.from({ length: random.below(400) }, () => random.pick(pieces)).join(''));
  if (kind === 1) return Buffer.from(jsonText(random));
  return kind === 2 ? Buffer.from(tableText(random)) : random.pick(knownFiles).bytes;
}

/** Bytes changed, taken out, put in, repeated or cut off at random places. */
export function mutated(random: SeededRandom, bytes: Buffer): Buffer {
  let result = Buffer.from(bytes);
  for (let change = random.below(6); change > 0; change -= 1) {
    const at = random.below(result.length + 1);
    const length = random.pick([1, 1, 2, 4, 16, 300]);
    const kind = random.below(5);
    const front = result.subarray(0, at);
    const back = result.subarray(Math.min(result.length, at + length));
    if (kind === 0) result = Buffer.concat([front, Buffer.from([random.below(256)]), result.subarray(at)]);
    else if (kind === 1) result = Buffer.concat([front, back]);
    else if (kind === 2) result = Buffer.concat([front, Buffer.from(random.pick(pieces)), back]);
    else if (kind === 3) result = Buffer.concat([front, result.subarray(at, at + length), result.subarray(at)]);
    else if (random.chance(0.3)) result = Buffer.from(front);
  }
  return result;
}

function columnar(random: SeededRandom): FuzzedFile {
  const count = 1 + random.below(50);
  const texts = Array.from({ length: count }, () => text(random).toWellFormed());
  const numbers = Float64Array.from({ length: count }, () => random.below(1_000));
  if (random.chance(0.5)) {
    const bytes = arrowBytes({ prompt: texts, score: numbers }, random.pick(['file', 'stream']));
    return { fileName: 'rows.arrow', bytes: mutated(random, bytes) };
  }
  const columnData = [
    { name: 'prompt', data: texts, type: 'STRING' as const },
    { name: 'score', data: Array.from(numbers), type: 'DOUBLE' as const },
  ];
  return { fileName: 'rows.parquet', bytes: mutated(random, Buffer.from(parquetWriteBuffer({ columnData }))) };
}

function packed(random: SeededRandom, content: Buffer): FuzzedFile {
  const kind = random.below(3);
  const bytes =
    kind === 0 ? gzipSync(content) : kind === 1 ? zstdCompressSync(content) : zipFile([{ name: 'rows.csv', content }]);
  return { fileName: 'rows.bin', bytes: random.chance(0.5) ? bytes : mutated(random, bytes) };
}

/** The text in another encoding than UTF-8, with its mark where it has one. */
function encoded(random: SeededRandom, content: Buffer): Buffer {
  const unicode = content.toString('utf8');
  const kind = random.below(4);
  if (kind === 0) return Buffer.from(unicode, 'latin1');
  const wide = Buffer.from(`\uFEFF${unicode}`, 'utf16le');
  if (kind === 1) return wide;
  if (kind === 2) return wide.swap16();
  const points = Array.from(`\uFEFF${unicode}`, (sign) => sign.codePointAt(0) ?? 0);
  const bytes = Buffer.alloc(points.length * 4);
  points.forEach((point, index) => bytes.writeUInt32LE(point, index * 4));
  return bytes;
}

/** First bytes of what is no text of one byte a sign: marks of wide encodings, packings, columnar files. */
const otherBeginnings = ['fffe', 'feff', '0000feff', '1f8b', '504b', '28b5', '50415231', '4152524f5731', 'ffffffff'];

function isPlain(bytes: Buffer): boolean {
  const head = bytes.toString('hex', 0, 6);
  return !otherBeginnings.some((beginning) => head.startsWith(beginning));
}

/** The file of one number, always the same. */
export function fuzzedFile(random: SeededRandom): FuzzedFile {
  const kind = random.below(10);
  if (kind === 0) return columnar(random);
  const made = anyText(random);
  const content = mutated(random, kind === 2 ? encoded(random, made) : made);
  if (kind === 1) return packed(random, content);
  const fileName = random.pick(['rows.csv', 'rows.jsonl', 'rows.json', 'rows.txt', 'rows']);
  return isPlain(content) ? { fileName, bytes: content, text: content } : { fileName, bytes: content };
}
