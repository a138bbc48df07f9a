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

/**
 * The records inside a wrapper like `{"exported": "...", "items": [{...}, ...]}`: an object that is no record itself and has exactly one list of objects.
 * Each of them is a record of its own, at the wrapper's place. Every other record is only itself.
 */
export function unwrapRecord(record: CutRecord, mapping: FieldMapping | null): readonly CutRecord[] {
  if (record.kind !== 'value' || !isObject(record.value)) return [record];
  const lists = Object.values(record.value).filter(isRecordList);
  const [list] = lists;
  if (list === undefined || lists.length > 1 || isRecord(record.value, mapping)) return [record];
  return list.map((value) => ({ ...record, value }));
}
