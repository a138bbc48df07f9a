import type { CanonicalRow } from '#contract/rows.ts';
import type { ContaminationIndex } from '../contamination/find-contamination.ts';
import type { TextDigest } from '../dedupe/exact-duplicates.ts';
import type { CodeParser } from '../filters/find-code.ts';
import type { PiiDetectors } from '../pii/domain-detectors.ts';
import type { RowLists } from './row-lists.ts';

/** How tokens of rows are counted. */
export interface StudyTokens {
  readonly counted: 'tokenizer' | 'sampled' | 'estimated';
  readonly base: string | null;
  readonly countedRows: number;
  readonly contextTokens: number | null;
  /** @param place of the row, from 0 */
  tokensOf(row: CanonicalRow, place: number): number;
}

/** What a study needs from outside. */
export interface StudyParts {
  /** Rows there are, or may be: decides what is sampled. */
  readonly rows: number;
  readonly digest: TextDigest;
  readonly parseCode: CodeParser;
  /** Languages that `parseCode` knows, for people. */
  readonly parsedLanguages: readonly string[];
  readonly detectors: PiiDetectors;
  readonly contamination: ContaminationIndex;
  readonly taskSets: readonly { readonly set: string; readonly tasks: number }[];
  readonly tokens: StudyTokens;
  /** Where all rows behind each figure are listed; null where nobody can page through them (a study of files). */
  readonly lists: RowLists | null;
}
