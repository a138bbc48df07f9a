import type { FieldMapping } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import { say } from '#contract/sentences.ts';
import type { JsonObject } from '../../datasets/convert-record.ts';
import { accept, type Converted, refuse } from '../../datasets/message-rules.ts';
import { convertMarked, convertPreference } from './convert-choices.ts';
import { convertMessageList } from './convert-messages.ts';
import { convertPair } from './convert-pair.ts';
import { cellText, structured, valueAt } from './record-values.ts';
import type { RowDraft } from './row-content.ts';

const places = /\{([^{}]+)\}/g;

/** Columns that a mapping's value names: itself, or those of a template like `{title}: {body}`. A column of just that name wins over a template. */
export function columnsIn(value: string, columns: readonly string[]): readonly string[] {
  if (columns.includes(value)) return [value];
  const named = [...value.matchAll(places)].map(([, column = '']) => column);
  return named.length === 0 ? [value] : named;
}

/** Refuses a mapping that names columns which are not there, before anything is read. Keys of JSON records are not known beforehand. @throws ForgeError */
export function checkMapping(mapping: FieldMapping, columns: readonly string[], path: string): void {
  for (const value of Object.values(mapping)) {
    const isThere = (column: string): boolean =>
      columns.includes(column) || columns.includes(column.split('.')[0] ?? '');
    const missing = columnsIn(value, columns).find((column) => !isThere(column));
    if (missing === undefined) continue;
    const seen = columns.slice(0, 50).join(', ');
    throw new ForgeError('dataset.column-missing', {
      path,
      column: missing,
      seen,
      columns: JSON.stringify(columns.slice(0, 200)),
    });
  }
}

/**
 * What a mapping's value is in a record: the value at the column or path, or the template with every place filled. A template of which no place holds
 * anything is empty: its own words alone ask nothing.
 */
export function mappedValue(record: JsonObject, value: string): unknown {
  if (Object.hasOwn(record, value)) return record[value];
  if (!value.includes('{')) return valueAt(record, value);
  let isFilled = false;
  const text = value.replace(places, (_, path: string) => {
    const cell = cellText(valueAt(record, path));
    isFilled ||= cell.trim() !== '';
    return cell;
  });
  return isFilled ? text : '';
}

/** Converts a record by the places a person named (D-5). Which kind it becomes follows from the places that were named. */
export function convertMapped(record: JsonObject, mapping: FieldMapping): Converted<RowDraft> {
  const values = Object.fromEntries(
    Object.entries(mapping).map(([place, value]) => [place, mappedValue(record, value)]),
  );
  if (mapping.text !== undefined)
    return accept({ format: 'mapped', content: { kind: 'text', text: cellText(values['text']) } });
  const asked = askedOf(values, mapping);
  if (!asked.ok) return asked;
  if (mapping.chosen !== undefined || mapping.rejected !== undefined) {
    if (mapping.chosen === undefined || mapping.rejected === undefined)
      return refuse('UNKNOWN_SHAPE', say('dataset.row-no-rejected'));
    return convertPreference('mapped', { prompt: asked.value, chosen: values['chosen'], rejected: values['rejected'] });
  }
  if (mapping.label !== undefined) return convertMarked(asked, values['label']);
  const isAnswered = mapping.answer !== undefined || mapping.messages !== undefined;
  return accept({ format: 'mapped', content: { kind: isAnswered ? 'sft' : 'prompt', messages: asked.value } });
}

function askedOf(values: JsonObject, mapping: FieldMapping): ReturnType<typeof convertPair> {
  if (mapping.messages === undefined) {
    const keys = { prompt: 'prompt', context: 'context', system: 'system' };
    return convertPair(values, mapping.answer === undefined ? keys : { ...keys, answer: 'answer' });
  }
  const list = structured(values['messages']);
  if (!Array.isArray(list)) return refuse('UNKNOWN_SHAPE', say('dataset.row-missing', { column: mapping.messages }));
  return convertMessageList(list as unknown[]);
}
