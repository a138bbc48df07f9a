import type { FieldMapping } from '#contract/dataset-versions.ts';
import { isObject, type JsonObject } from '../../datasets/convert-record.ts';
import type { CutRecord } from '../record-source.ts';
import { convertByShape } from './convert-shapes.ts';
import { columnsIn } from './mapped-record.ts';
import { isMessageList, valueAt } from './record-values.ts';

function isRecordList(value: unknown): value is JsonObject[] {
  return Array.isArray(value) && value.length > 0 && value.every(isObject) && !isMessageList(value);
}

/** True when the record itself is one that is understood, or that has a column which the mapping names. */
function isRecord(value: JsonObject, mapping: FieldMapping | null): boolean {
  if (mapping !== null)
    return Object.values(mapping).some((place) =>
      columnsIn(place, []).some((column) => valueAt(value, column) !== undefined),
    );
  const draft = convertByShape(value);
  return draft.ok || draft.refusal.reason !== 'UNKNOWN_SHAPE';
}

/** Wrappers in wrappers that are looked into: `{"data": {"items": [...]}}`. */
const deepestWrapper = 3;

/** Parts in which programs write about their export, not of it. */
const aboutNames: ReadonlySet<string> = new Set(
  'meta metadata _meta info header export paging pagination page links _links filter query'.split(' '),
);

/** Whether a list holds examples for sure, and not what somebody replied, say. */
function isOfExamples(list: readonly JsonObject[], mapping: FieldMapping | null): boolean {
  const [first = {}] = list;
  if (mapping !== null) return isRecord(first, mapping);
  const draft = convertByShape(first);
  return draft.ok && draft.value.content.kind !== 'text';
}

/**
 * The one list of records in a wrapper, or in the one object inside it. A record that has parts of its own is no wrapper: a question in one part and a list of
 * replies in another belong together.
 */
function listIn(value: JsonObject, mapping: FieldMapping | null, depth: number): JsonObject[] | undefined {
  if (isRecord(value, mapping)) return undefined;
  const named = Object.entries(value).filter(([name]) => !aboutNames.has(name.toLowerCase()));
  const parts = named.map(([, part]) => part).filter((part) => typeof part === 'object' && part !== null);
  const [list, ...lists] = parts.filter(isRecordList);
  if (list !== undefined) {
    const isAlone = parts.length === 1;
    return lists.length === 0 && (isAlone || isOfExamples(list, mapping)) ? list : undefined;
  }
  const [part] = parts;
  return parts.length === 1 && isObject(part) && depth < deepestWrapper ? listIn(part, mapping, depth + 1) : undefined;
}

/**
 * The records inside a wrapper like `{"exported": "...", "data": {"items": [{...}, ...]}}`: an object that is no record itself and has exactly one list of
 * objects. Each of them is a record of its own, at the wrapper's place. Every other record is only itself.
 */
export function unwrapRecord(record: CutRecord, mapping: FieldMapping | null): readonly CutRecord[] {
  if (record.kind !== 'value' || !isObject(record.value)) return [record];
  const list = listIn(record.value, mapping, 1);
  return list === undefined ? [record] : list.map((value) => ({ ...record, value }));
}
