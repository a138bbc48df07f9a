import type { ForgeErrorData } from '#contract/error-data.ts';
import type { ColumnMapping } from '#contract/datasets.ts';

/** The places a column can fill, in the order they are shown. */
export const mappingPlaces = ['prompt', 'answer', 'context', 'system', 'group', 'id'] as const;
export type MappingPlace = (typeof mappingPlaces)[number];

/** A mapping while it is being made: prompt and answer may still be open. */
export type OpenMapping = { readonly [P in MappingPlace]?: string | undefined };

const needed: readonly MappingPlace[] = ['prompt', 'answer'];

/** Puts a column in a place; null empties an optional place. A column that was elsewhere changes places with what was here. */
export function withPlace(mapping: OpenMapping, place: MappingPlace, column: string | null): OpenMapping {
  const before = mapping[place];
  const elsewhere = column === null ? undefined : mappingPlaces.find((one) => one !== place && mapping[one] === column);
  const next: Record<string, string | undefined> = { ...mapping, [place]: column ?? undefined };
  if (elsewhere !== undefined) next[elsewhere] = needed.includes(elsewhere) ? before : undefined;
  const filled = Object.entries(next).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(filled);
}

/** The mapping as it can be sent; null while the prompt or the answer is open. */
export function completedMapping({ prompt, answer, ...rest }: OpenMapping): ColumnMapping | null {
  return prompt === undefined || answer === undefined ? null : { prompt, answer, ...rest };
}

const columnErrors = ['dataset.columns-unknown', 'dataset.column-missing'];

/** Columns a failed reading has seen, so that a person can say which is which; null when the failure is of another kind. */
export function columnsOfFailure(failure: ForgeErrorData | null): readonly string[] | null {
  if (failure === null || !columnErrors.includes(failure.code)) return null;
  const listed = failure.detail['columns'];
  if (typeof listed !== 'string') return null;
  const columns = parsedNames(listed);
  return columns.length > 0 ? columns : null;
}

function parsedNames(json: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string' && one !== '') : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
