import type { ColumnMapping } from '#contract/datasets.ts';
import { suggestMapping } from '../../datasets/column-names.ts';

/** Columns that hold what is asked, or a text, and say no more about what stands beside them. */
const bareNames = new Set(['prompt', 'text']);

/** `text` and `category`, `prompt` and `category`: what a text is filed under is no answer to it, as it is to a ticket. */
export function isFiledText({ prompt, answer }: Pick<ColumnMapping, 'prompt' | 'answer'>): boolean {
  return bareNames.has(prompt.trim().toLowerCase()) && answer.trim().toLowerCase() === 'category';
}

/** Question, answer and what stands beside them by the names of columns; undefined where names alone say no answer. */
export function namedPlaces(columns: readonly string[]): ColumnMapping | undefined {
  const found = suggestMapping(columns);
  return found === undefined || isFiledText(found) ? undefined : found;
}
