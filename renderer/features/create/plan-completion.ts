import { isMap, isNode, isPair, isScalar, parseDocument } from 'yaml';
import { z } from 'zod';
import { planDocument } from './plan-document.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

/** JSON Schema of the plan, made from the contract's own. */
export const planSchema = z.toJSONSchema(planDocument, { io: 'input', unrepresentable: 'any' }) as Schema;

export interface Completion {
  readonly label: string;
  /** Put in the place of what was typed. */
  readonly insert: string;
  /** A short word on it: `number, 1 to 512`. */
  readonly detail: string;
  readonly kind: 'key' | 'value';
  /** `settings.rank` */
  readonly path: string;
}

export interface CompletionPlace {
  readonly completions: readonly Completion[];
  /** Characters before the position that belong to what is typed. */
  readonly typed: number;
}

const keyLine = /^(\s*)([\w-]*)$/;
const valueLine = /^(\s*)([\w-]+):\s+([\w.-]*)$/;

/** What can stand at `offset`: keys that are not there yet, or the values a key may have. */
export function completionsAt(text: string, offset: number): CompletionPlace {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  const value = valueLine.exec(before);
  if (value !== null) {
    const path = [...parentsOf(text, lineStart, value[1]?.length ?? 0), value[2] ?? ''];
    return { typed: value[3]?.length ?? 0, completions: valuesOf(schemaAt(path), path) };
  }
  const key = keyLine.exec(before);
  if (key === null) return { typed: 0, completions: [] };
  const path = parentsOf(text, lineStart, key[1]?.length ?? 0);
  return { typed: key[2]?.length ?? 0, completions: keysOf(path, keysThere(text, path, lineStart)) };
}

/** Keys of the lines above that this line stands under, by indentation. */
function parentsOf(text: string, lineStart: number, indentation: number): string[] {
  const parents: string[] = [];
  let depth = indentation;
  for (const line of text.slice(0, lineStart).split('\n').toReversed()) {
    const found = /^(\s*)([\w-]+):\s*(#.*)?$/.exec(line);
    if (found === null || depth === 0) continue;
    const lineDepth = found[1]?.length ?? 0;
    if (lineDepth >= depth) continue;
    parents.unshift(found[2] ?? '');
    depth = lineDepth;
  }
  return parents;
}

/** Keys already written in the same map; the line being typed does not count. */
function keysThere(text: string, path: readonly string[], lineStart: number): ReadonlySet<string> {
  const lineEnd = text.indexOf('\n', lineStart);
  const others = text.slice(0, lineStart) + (lineEnd === -1 ? '' : text.slice(lineEnd + 1));
  const document = parseDocument(others, { prettyErrors: false });
  const map: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  if (!isMap(map)) return new Set();
  return new Set(map.items.map(({ key }) => (isScalar(key) ? String(key.value) : '')));
}

function schemaAt(path: readonly string[]): Schema | undefined {
  return path.reduce<Schema | undefined>((schema, key) => schema?.properties?.[key], planSchema);
}

function keysOf(path: readonly string[], there: ReadonlySet<string>): Completion[] {
  return Object.entries(schemaAt(path)?.properties ?? {})
    .filter(([key]) => !there.has(key))
    .map(([key, schema]) => ({
      label: key,
      insert: schema.properties === undefined ? `${key}: ` : `${key}:\n${'  '.repeat(path.length + 1)}`,
      detail: describeSchema(schema),
      kind: 'key',
      path: [...path, key].join('.'),
    }));
}

function valuesOf(schema: Schema | undefined, path: readonly string[]): Completion[] {
  return allowedValues(schema).map((value) => ({
    label: value,
    insert: value,
    detail: '',
    kind: 'value',
    path: path.join('.'),
  }));
}

function allowedValues(schema: Schema | undefined): string[] {
  if (schema === undefined) return [];
  if (schema.enum !== undefined) return schema.enum.map(String);
  if (schema.const !== undefined) return [String(schema.const)];
  if (schema.type === 'boolean') return ['true', 'false'];
  if (schema.type === 'null') return ['null'];
  return (schema.anyOf ?? []).flatMap(allowedValues);
}

/** The type and range of a key in a few words: the terms of JSON Schema, as in its documentation. */
export function describeSchema(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map(String).join(' | ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(describeSchema).join(' | ');
  if (schema.const !== undefined) return String(schema.const);
  const low = schema.minimum ?? schema.exclusiveMinimum;
  const high = schema.maximum !== undefined && schema.maximum < Number.MAX_SAFE_INTEGER ? schema.maximum : undefined;
  const least = low !== undefined && low > Number.MIN_SAFE_INTEGER ? low : undefined;
  const range = [least === undefined ? '' : `≥ ${least}`, high === undefined ? '' : `≤ ${high}`].filter(Boolean);
  return [schema.type ?? '', ...range].filter(Boolean).join(' ');
}

/** The key at a position, as `settings.rank`, with the place of its line; null where there is none. */
export function keyAt(
  text: string,
  offset: number,
): { readonly path: string; readonly from: number; readonly to: number } | null {
  const { contents } = parseDocument(text, { prettyErrors: false });
  const path: string[] = [];
  let found: { path: string; from: number; to: number } | null = null;
  let map: unknown = contents;
  while (isMap(map)) {
    const pair = map.items.find(({ key, value }) => {
      const from = isNode(key) ? (key.range?.[0] ?? 0) : 0;
      const to = isNode(value) ? (value.range?.[1] ?? 0) : isNode(key) ? (key.range?.[1] ?? 0) : 0;
      return offset >= from && offset <= to;
    });
    if (!isPair(pair) || !isScalar(pair.key) || !pair.key.range) break;
    path.push(String(pair.key.value));
    found = { path: path.join('.'), from: pair.key.range[0], to: pair.key.range[1] };
    map = pair.value;
  }
  return found;
}
