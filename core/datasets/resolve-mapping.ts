import type { ColumnMapping } from '#contract/datasets.ts';
import { ForgeError } from '#contract/errors.ts';
import { say } from '#contract/sentences.ts';
import { acceptedColumns, suggestMapping } from './column-names.ts';

/** Columns that are told to a person. */
export const maximumColumns = 200;

/** Header cells as unique names: an empty one becomes `column_3`, a repeated one gets `_2`; `warnings` is told. */
export function headerNames(fields: readonly string[], warnings: string[]): string[] {
  const used = new Set<string>();
  return fields.map((field, index) => {
    const name = field.trim() === '' ? `column_${index + 1}` : field.trim();
    let unique = name;
    for (let copy = 2; used.has(unique); copy += 1) unique = `${name}_${copy}`;
    if (unique !== name) warnings.push(say('dataset.column-twice', { name, unique }));
    used.add(unique);
    return unique;
  });
}

/** The error that says which columns were seen and which are understood. */
export function columnsUnknown(path: string, columns: Iterable<string>): ForgeError {
  const all = [...columns].slice(0, maximumColumns);
  const seen = all.slice(0, 20).map((column) => column.slice(0, 60));
  return new ForgeError('dataset.columns-unknown', {
    path,
    seen: seen.join(', ') || say('dataset.no-columns'),
    accepted: acceptedColumns,
    // For a window that lets the person choose: names as they are, commas and all.
    columns: JSON.stringify(all),
  });
}

function placesOf(mapping: Partial<ColumnMapping>): [place: string, column: string][] {
  return Object.entries(mapping).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}

/**
 * The mapping for these columns: found by name, or as a person gave it (`wanted`) with system, group and id found by name where left out.
 * Throws ForgeError `dataset.column-missing` when a wanted column is not there.
 */
export function completeMapping(
  columns: readonly string[],
  wanted: ColumnMapping | undefined,
  path: string,
): ColumnMapping | undefined {
  const found = suggestMapping(columns);
  if (wanted === undefined) return found;
  const missing = placesOf(wanted).find(([, column]) => !columns.includes(column))?.[1];
  if (missing !== undefined) {
    const all = JSON.stringify(columns.slice(0, maximumColumns));
    throw new ForgeError('dataset.column-missing', {
      path,
      column: missing,
      seen: columns.slice(0, 50).join(', '),
      columns: all,
    });
  }
  const taken = new Set(placesOf(wanted).map(([, column]) => column));
  const extra = placesOf(found ?? {}).filter(
    ([place, column]) => ['system', 'group', 'id'].includes(place) && !taken.has(column),
  );
  return { ...Object.fromEntries(extra), ...wanted };
}
