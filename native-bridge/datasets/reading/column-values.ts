import { isUtf8 } from 'node:buffer';
import type { CutRecord, RecordFlag } from '#core/foundry/record-source.ts';
import { noFlags, type Problem } from './cut-context.ts';
import { maximumDepth } from './json-record.ts';

/** Thrown inside a conversion; becomes the record's reason. */
class NotJson extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

const tooDeep: Problem = { reason: 'TOO_DEEP', message: `it is nested deeper than ${maximumDepth}` };
const notFinite: Problem = { reason: 'NAN_INF', message: 'it holds Infinity, which JSON does not know' };

/** How values of a columnar file become JSON values: what JSON cannot say is written as text. */
class JsonValues {
  private readonly flags = new Set<RecordFlag>();

  /** The flags since the last time. */
  takeFlags(): readonly RecordFlag[] {
    if (this.flags.size === 0) return noFlags;
    const taken = [...this.flags];
    this.flags.clear();
    return taken;
  }

  convert(value: unknown, depth = 0): unknown {
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'number') return this.number(value);
    if (typeof value === 'boolean') return value;
    if (typeof value === 'bigint') return this.integer(value);
    if (typeof value !== 'object' || value === null) return null;
    if (depth >= maximumDepth) throw new NotJson(tooDeep);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (value instanceof Uint8Array) return this.bytes(value);
    if (Array.isArray(value) || ArrayBuffer.isView(value)) {
      return Array.from(value as unknown as Iterable<unknown>, (item) => this.convert(item, depth + 1));
    }
    return this.object(value, depth);
  }

  /** Old writers mark text as bytes; what is no text is written as Base64. */
  private bytes(value: Uint8Array): string {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return bytes.toString(isUtf8(bytes) && !bytes.includes(0) ? 'utf8' : 'base64');
  }

  private object(value: object, depth: number): unknown {
    const result: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
      const name = this.text(key);
      // A key of this name would set the prototype instead.
      if (name === '__proto__')
        Object.defineProperty(result, name, { value: this.convert(item, depth + 1), enumerable: true });
      else result[name] = this.convert(item, depth + 1);
    }
    return result;
  }

  private text(value: string): string {
    let text = value;
    if (!text.isWellFormed()) {
      this.flags.add('REPLACED_CHARACTER');
      text = text.toWellFormed();
    }
    if (text.includes('\0')) {
      this.flags.add('NUL_REMOVED');
      text = text.replaceAll('\0', '');
    }
    return text;
  }

  /** NaN is how tables write "missing"; Infinity is a number that JSON has no word for. */
  private number(value: number): number | null {
    if (Number.isFinite(value)) return value;
    if (Number.isNaN(value)) return null;
    throw new NotJson(notFinite);
  }

  private integer(value: bigint): number | string {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    this.flags.add('BIG_INTEGER_KEPT');
    return value.toString();
  }
}

const values = new JsonValues();

/** One row of a columnar file as a record; `row` counts from 0. Rows have no bytes of their own in such files: places are row numbers. */
export function rowRecord(row: number, columns: readonly string[], cells: readonly unknown[]): CutRecord {
  const place = { line: row + 1, byteOffset: 0, byteLength: 0 };
  try {
    const value: Record<string, unknown> = {};
    for (let index = 0; index < columns.length; index += 1) value[columns[index] ?? ''] = values.convert(cells[index]);
    return { kind: 'value', ...place, flags: values.takeFlags(), value };
  } catch (error) {
    values.takeFlags();
    if (!(error instanceof NotJson)) throw error;
    return { kind: 'bad', ...place, flags: noFlags, ...error.problem, head: new Uint8Array(0) };
  }
}

/** Stands for the rows of a columnar file that are lost to damage. */
export function lostRows(row: number, message: string): CutRecord {
  const head = new Uint8Array(0);
  return {
    kind: 'bad',
    line: row + 1,
    byteOffset: 0,
    byteLength: 0,
    flags: noFlags,
    reason: 'TRUNCATED',
    message,
    head,
  };
}
