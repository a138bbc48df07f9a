import type { JsonObject } from '../../datasets/convert-record.ts';
import { isObject } from '../../datasets/convert-record.ts';

/** A value of a record's own key; keys that only look like one (`constructor`) are none. */
export function own(record: JsonObject, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

export function has(record: JsonObject, ...keys: readonly string[]): boolean {
  return keys.every((key) => Object.hasOwn(record, key));
}

/** A cell as text: strings as they are, numbers and booleans as written, objects and lists as compact JSON, null as empty. */
export function cellText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A short fact of a record: trimmed, undefined where there is none or where it is no plain value. */
export function factText(value: unknown, maximumLength = 200): string | undefined {
  if (typeof value === 'object' || value === undefined) return undefined;
  const text = cellText(value).trim().slice(0, maximumLength).toWellFormed();
  return text === '' ? undefined : text;
}

/** Lists that a CSV cell or a text column holds as JSON come back as lists; everything else stays as it is. */
export function structured(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return value;
    throw error;
  }
}

/** Messages with a role, of OpenAI's or ShareGPT's kind. */
export function isMessageList(value: unknown): value is JsonObject[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((part) => isObject(part) && ('role' in part || 'from' in part))
  );
}

const yes = new Set(['true', '1', 'yes', 'good', 'desirable', 'chosen', 'positive', '+1']);
const no = new Set(['false', '0', 'no', 'bad', 'undesirable', 'rejected', 'negative', '-1']);

/** A label as good (true) or bad (false); undefined for anything else. */
export function labelOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const word = cellText(value).trim().toLowerCase();
  if (yes.has(word)) return true;
  return no.has(word) ? false : undefined;
}

/** The value at `a.b.0`: the key as a whole first, then step by step through objects and lists. */
export function valueAt(record: JsonObject, path: string): unknown {
  if (Object.hasOwn(record, path)) return record[path];
  let value: unknown = record;
  for (const step of path.split('.')) {
    if (Array.isArray(value)) value = value[Number(step)] as unknown;
    else if (isObject(value)) value = own(value, step);
    else return undefined;
  }
  return value;
}
