import type { SourceRecord } from '#core/datasets/dataset-source.ts';
import type { createRecordDecoder, RawRecord } from './dataset-source-text.ts';

const maximumDepth = 256;

/** Depth of brackets outside strings, counted without building anything; stops at the limit. */
function isTooDeep(text: string): boolean {
  let [depth, inString] = [0, false];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 0x5c) index += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > maximumDepth) return true;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return false;
}

/** A text with fewer opening brackets than the limit cannot be deeper; only others are measured. */
function mayBeDeep(text: string): boolean {
  let count = 0;
  for (let index = 0; index < text.length && count <= maximumDepth; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x7b || code === 0x5b) count += 1;
  }
  return count > maximumDepth;
}

/** Whole numbers that a double cannot hold stay text, so that ids do not collide. */
function keepLongIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  const isLong = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  return isLong && context?.source !== undefined ? context.source : value;
}

function parseJson(text: string): unknown {
  return /\d{16}/.test(text) ? JSON.parse(text, keepLongIntegers) : JSON.parse(text);
}

function badJson(line: number, text: string, isLast: boolean): SourceRecord {
  const excerpt = text.slice(0, 200);
  if (/[:[,]\s*(NaN|-?Infinity)\b/.test(text)) {
    return {
      kind: 'bad',
      line,
      reason: 'NAN_INF',
      message: 'it holds NaN or Infinity, which JSON does not know',
      excerpt,
    };
  }
  if (isLast && text.startsWith('{') && !text.trimEnd().endsWith('}')) {
    return { kind: 'bad', line, reason: 'TRUNCATED', message: 'the file ends in the middle of it', excerpt };
  }
  return { kind: 'bad', line, reason: 'BAD_JSON', message: 'it is not valid JSON', excerpt };
}

/** Parses records of JSON; `isLast` says that the file ends after them. */
export function createJsonParser(
  decode: ReturnType<typeof createRecordDecoder>,
): (records: readonly RawRecord[], isLast: boolean) => SourceRecord[] {
  return (records, isLast) =>
    records.map((record, index): SourceRecord => {
      if ('reason' in record) return { kind: 'bad', ...record };
      const decoded = decode(record);
      if (!decoded.ok) return { kind: 'bad', ...decoded.rejected };
      const { line } = record;
      const { text, flags } = decoded;
      if (mayBeDeep(text) && isTooDeep(text)) {
        const message = `it is nested deeper than ${maximumDepth}`;
        return { kind: 'bad', line, reason: 'TOO_DEEP', message, excerpt: text.slice(0, 200) };
      }
      try {
        return { kind: 'value', line, value: parseJson(text), flags };
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        return badJson(line, text, isLast && index === records.length - 1);
      }
    });
}
