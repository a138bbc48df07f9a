import type { FieldMapping } from '#contract/dataset-versions.ts';

export type Place = keyof FieldMapping;

/** What records can become; each takes other places. */
export const rowShapes = ['pair', 'messages', 'preference', 'unpaired', 'prompt', 'text'] as const;
export type RowShape = (typeof rowShapes)[number];

export interface ShapePlaces {
  /** Without these no row comes out. */
  readonly needed: readonly Place[];
  readonly optional: readonly Place[];
}

export const placesOfShape: Readonly<Record<RowShape, ShapePlaces>> = {
  pair: { needed: ['prompt', 'answer'], optional: ['context', 'system'] },
  messages: { needed: ['messages'], optional: [] },
  preference: { needed: ['prompt', 'chosen', 'rejected'], optional: ['system'] },
  unpaired: { needed: ['prompt', 'answer', 'label'], optional: ['system'] },
  prompt: { needed: ['prompt'], optional: ['context', 'system'] },
  text: { needed: ['text'], optional: [] },
};

/** Facts about a row, whatever its shape. */
export const factPlaces: readonly Place[] = ['group', 'id', 'category', 'lang'];

/** The shape that a mapping means, as the engine reads it. */
export function shapeOf(mapping: FieldMapping): RowShape {
  if (mapping.text !== undefined) return 'text';
  if (mapping.messages !== undefined) return 'messages';
  if (mapping.chosen !== undefined || mapping.rejected !== undefined) return 'preference';
  if (mapping.label !== undefined) return 'unpaired';
  return mapping.answer !== undefined || mapping.prompt === undefined ? 'pair' : 'prompt';
}

/** The same columns in another shape: what has a place there stays. */
export function inShape(mapping: FieldMapping, shape: RowShape): FieldMapping {
  const { needed, optional } = placesOfShape[shape];
  const kept = new Set<string>([...needed, ...optional, ...factPlaces]);
  const moved: Readonly<Record<string, string | undefined>> = {
    ...mapping,
    text: mapping.text ?? mapping.prompt,
    prompt: mapping.prompt ?? mapping.text,
    answer: mapping.answer ?? mapping.chosen,
    chosen: mapping.chosen ?? mapping.answer,
  };
  return onlyGiven(Object.entries(moved).filter(([place]) => kept.has(place)));
}

function onlyGiven(entries: readonly (readonly [string, string | undefined])[]): FieldMapping {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** A mapping with one place set, or emptied with null. */
export function withPlace(mapping: FieldMapping, place: Place, value: string | null): FieldMapping {
  return onlyGiven(Object.entries({ ...mapping, [place]: value === null || value === '' ? undefined : value }));
}

/** Whether a value stands for several columns, or for words around one: `{title}: {body}`. */
export function isTemplate(value: string, columns: readonly string[]): boolean {
  return !columns.includes(value) && /\{[^{}]+\}/.test(value);
}

/** A column dropped on a place: alone where nothing was; at the end of a template where one stands; else both, as a template. */
export function withColumn(value: string | undefined, column: string, columns: readonly string[]): string {
  if (value === undefined || value === '' || value === column) return column;
  const before = isTemplate(value, columns) ? value : `{${value}}`;
  return `${before}\n\n{${column}}`;
}

/** The template that a single column is the beginning of. */
export function asTemplate(value: string | undefined, columns: readonly string[]): string {
  if (value === undefined || value === '') return '';
  return isTemplate(value, columns) ? value : `{${value}}`;
}

/** Places in which a column stands. */
export function placesOf(mapping: FieldMapping, column: string): readonly Place[] {
  return (Object.entries(mapping) as [Place, string][])
    .filter(([, value]) => value === column || value.includes(`{${column}}`))
    .map(([place]) => place);
}

/** What is still to be chosen before rows can come out. */
export function missingPlaces(mapping: FieldMapping): readonly Place[] {
  return placesOfShape[shapeOf(mapping)].needed.filter((place) => mapping[place] === undefined);
}
