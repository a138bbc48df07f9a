import type { FieldMapping } from '#contract/dataset-versions.ts';
import type { PreviewColumn } from '#contract/import-preview.ts';
import type { ColumnMapping } from '#contract/datasets.ts';
import { suggestMapping } from '../../datasets/column-names.ts';
import { isFiledText } from './named-places.ts';

/** What was seen in one column of the first records. */
export interface ColumnContent {
  readonly name: string;
  readonly values: readonly string[];
}

/** Shares are of the values that are not empty. */
interface ColumnFacts {
  readonly name: string;
  readonly filled: number;
  readonly meanCharacters: number;
  readonly questions: number;
  readonly codes: number;
  /** Share of different values: 1 where none comes twice. */
  readonly variety: number;
  readonly isNumeric: boolean;
}

const exampleCharacters = 120;

export function describeColumn({ name, values }: ColumnContent): PreviewColumn {
  const filled = values.filter((value) => value.trim() !== '');
  const characters = filled.reduce((sum, { length }) => sum + length, 0);
  return {
    name,
    filled: values.length === 0 ? 0 : filled.length / values.length,
    meanCharacters: filled.length === 0 ? 0 : characters / filled.length,
    example: (filled[0] ?? '').slice(0, exampleCharacters).toWellFormed(),
  };
}

function factsOf(column: ColumnContent): ColumnFacts {
  const { filled, meanCharacters } = describeColumn(column);
  const values = column.values.filter((value) => value.trim() !== '');
  const share = (fits: (value: string) => boolean): number =>
    values.length === 0 ? 0 : values.filter(fits).length / values.length;
  return {
    name: column.name,
    filled,
    meanCharacters,
    questions: share((value) => /[?？]\s*$/u.test(value) || /[?？]/u.test(value.slice(0, 400))),
    codes: share((value) => value.includes('```')),
    variety: values.length === 0 ? 0 : new Set(values).size / values.length,
    isNumeric: share((value) => /^\s*[-+]?[\d.,:/ -]+\s*$/.test(value)) > 0.8,
  };
}

/** Columns shorter than this on average hold names, states or dates rather than something asked. */
const fewCharacters = 12;

function couldBeAsked({ filled, meanCharacters, isNumeric, variety }: ColumnFacts): boolean {
  return filled > 0.5 && !isNumeric && meanCharacters >= fewCharacters && variety > 0.3;
}

/** How much a column looks like what is asked: questions and few code blocks. */
function askedScore({ questions, codes, meanCharacters }: ColumnFacts): number {
  return questions * 2 - codes - Math.min(1, meanCharacters / 4_000);
}

/** How much a column looks like the reply: code and length, and no questions. */
function replyScore({ questions, codes, meanCharacters }: ColumnFacts): number {
  return codes + Math.min(1, meanCharacters / 1_000) - questions;
}

function best(columns: readonly ColumnFacts[], score: (column: ColumnFacts) => number): ColumnFacts | undefined {
  return columns.toSorted((a, b) => score(b) - score(a))[0];
}

function filedText({ prompt, answer, group, id }: ColumnMapping): FieldMapping {
  const place = prompt.trim().toLowerCase() === 'text' ? 'text' : 'prompt';
  return {
    [place]: prompt,
    category: answer,
    ...(group === undefined ? {} : { group }),
    ...(id === undefined ? {} : { id }),
  };
}

/**
 * What columns seem to be (D-5): by their names first, else by what is in them - a question mark, code fences, length, how often the same
 * value comes back. A guess that a person confirms; empty where nothing fits.
 */
export function suggestFields(columns: readonly ColumnContent[]): FieldMapping {
  const byName = suggestMapping(columns.map(({ name }) => name));
  if (byName !== undefined && isFiledText(byName)) return filedText(byName);
  if (byName !== undefined) return Object.fromEntries(Object.entries(byName).filter(([, name]) => name !== undefined));
  const facts = columns.map(factsOf);
  const texts = facts.filter(couldBeAsked);
  const asked = best(texts, askedScore);
  if (asked === undefined) return {};
  const others = texts.filter((column) => column !== asked);
  const reply = best(others, replyScore);
  if (reply !== undefined) return { prompt: asked.name, answer: reply.name };
  // A column of few different short values beside one text: labels to be told.
  const label = facts.find((column) => column !== asked && column.filled > 0.5 && column.variety <= 0.3);
  return label === undefined ? { text: asked.name } : { prompt: asked.name, answer: label.name };
}
