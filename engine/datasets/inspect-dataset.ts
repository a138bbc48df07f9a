import type { DatasetRow, RowMessage } from '#contract/datasets.ts';
import type { DatasetInspection } from '#contract/dataset-preview.ts';
import { describeScoring } from '#core/evaluation/score-answer.ts';
import type { DatasetReading } from './dataset-readings.ts';

export interface PageChoice {
  readonly offset: number;
  readonly limit: number;
}

/** Longest message that a page carries whole, in characters; `showRow` shows more. */
export const shownCharacters = 20_000;
/** A page ends early, behind its first row, when its text is longer than this. */
const pageCharacters = 2_000_000;

/** What the main job would know of a file, with one page of its rows in file order. */
export function inspectionOf(path: string, reading: DatasetReading, page: PageChoice): DatasetInspection {
  const { read, split, scoring, sides } = reading;
  return {
    path,
    report: read.report,
    split: split.report,
    columns: [...read.columns],
    scoring: `Answers are scored by ${describeScoring(scoring)}.`,
    rows: pageOf(read.rows, page).map((row) => ({ row, side: sides.get(row.id) ?? 'train' })),
    total: read.rows.length,
  };
}

function pageOf(rows: readonly DatasetRow[], { offset, limit }: PageChoice): DatasetRow[] {
  const page: DatasetRow[] = [];
  let characters = 0;
  for (const row of rows.slice(offset, offset + limit)) {
    const shown = { ...row, messages: row.messages.map(cut) };
    characters += shown.messages.reduce((sum, { content }) => sum + content.length, 0);
    if (page.length > 0 && characters > pageCharacters) break;
    page.push(shown);
  }
  return page;
}

/** A long message with its beginning and a word on what is left out. */
function cut(message: RowMessage): RowMessage {
  const more = message.content.length - shownCharacters;
  if (more <= 0) return message;
  const end = /[\uD800-\uDBFF]/.test(message.content.charAt(shownCharacters - 1))
    ? shownCharacters - 1
    : shownCharacters;
  return { ...message, content: `${message.content.slice(0, end)}… (${more} more characters)` };
}
