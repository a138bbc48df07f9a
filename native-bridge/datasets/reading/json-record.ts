import type { RecordFlag } from '#core/foundry/record-source.ts';
import type { Problem } from './cut-context.ts';
import { JsonScan } from './json-scan.ts';
import { decodeText, type ReadableRecord } from './readable-record.ts';

/** D-4: deeper JSON is rejected, never followed. */
export const maximumDepth = 256;

export type ParsedJson =
  { readonly value: unknown; readonly flags: readonly RecordFlag[] } | { readonly problem: Problem };

const tooDeep: Problem = { reason: 'TOO_DEEP', message: `it is nested deeper than ${maximumDepth}` };
const notFinite: Problem = { reason: 'NAN_INF', message: 'it holds NaN or Infinity, which JSON does not know' };
const cutOff: Problem = { reason: 'TRUNCATED', message: 'the file ends in the middle of it' };
const badJson: Problem = { reason: 'BAD_JSON', message: 'it is not valid JSON' };

/** Keys of a value and of all values in it. Depth was checked before. */
function countKeys(value: object): number {
  let keys = 0;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object' && item !== null) keys += countKeys(item as object);
    return keys;
  }
  for (const key in value) {
    keys += 1;
    const item = (value as Record<string, unknown>)[key];
    if (typeof item === 'object' && item !== null) keys += countKeys(item);
  }
  return keys;
}

function hasInfinity(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasInfinity);
}

/** Texts without lone surrogates and NULs, which no file in UTF-8 and no database takes. */
function cleanText(text: string, flags: Set<RecordFlag>): string {
  let cleaned = text;
  if (!cleaned.isWellFormed()) {
    flags.add('REPLACED_CHARACTER');
    cleaned = cleaned.toWellFormed();
  }
  if (cleaned.includes('\0')) {
    flags.add('NUL_REMOVED');
    cleaned = cleaned.replaceAll('\0', '');
  }
  return cleaned;
}

function cleanValue(value: unknown, flags: Set<RecordFlag>): unknown {
  if (typeof value === 'string') return cleanText(value, flags);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, flags));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [cleanText(key, flags), cleanValue(item, flags)]),
  );
}

/** Whole numbers that a double cannot hold stay as they are written, so that ids do not collide. */
function parseKeepingIntegers(text: string, flags: Set<RecordFlag>): unknown {
  const keep = (_key: string, value: unknown, context?: { source?: string }): unknown => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    const source = context?.source;
    if (source === undefined || !/^-?\d+$/.test(source)) return value;
    flags.add('BIG_INTEGER_KEPT');
    return source;
  };
  return JSON.parse(text, keep) as unknown;
}

/** NaN, Infinity or -Infinity outside strings, as Python writes them. */
function namesNotFinite(text: string): boolean {
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const sign = text[index];
    if (inString && sign === '\\') index += 1;
    else if (sign === '"') inString = !inString;
    else if (!inString && (sign === 'N' || sign === 'I') && /^(?:NaN|Infinity)\b/.test(text.slice(index, index + 9)))
      return true;
  }
  return false;
}

/** Parses one record. `isLast` says that the file ends with it, without a line end. */
export function createJsonParser(): (record: ReadableRecord, isLast: boolean) => ParsedJson {
  const scan = new JsonScan();

  function problemOf(text: string, isLast: boolean): Problem {
    if (isLast && (scan.inString || scan.depth > 0)) return cutOff;
    return namesNotFinite(text) ? notFinite : badJson;
  }

  /** The common case costs a look at the keys; only what may need it is gone through again. */
  function flagged(value: unknown, text: string, before: readonly RecordFlag[]): ParsedJson {
    if (scan.hasExponent && hasInfinity(value)) return { problem: notFinite };
    const keys = typeof value === 'object' && value !== null ? countKeys(value) : 0;
    const flags = keys === scan.colons ? before : [...before, 'DUP_KEY' as const];
    if (!text.includes('\\u')) return { value, flags };
    const found = new Set(flags);
    const cleaned = cleanValue(value, found);
    return { value: cleaned, flags: [...found] };
  }

  function parsed(text: string, before: readonly RecordFlag[]): ParsedJson {
    if (!scan.hasLongInteger) return flagged(JSON.parse(text), text, before);
    const flags = new Set(before);
    const value = parseKeepingIntegers(text, flags);
    return flagged(value, text, [...flags]);
  }

  return (record, isLast) => {
    scan.scan(record.bytes, record.from, record.to);
    if (scan.deepest > maximumDepth) return { problem: tooDeep };
    const text = decodeText(record, record.from, record.to);
    try {
      return parsed(text, record.flags);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return { problem: problemOf(text, isLast) };
    }
  };
}
