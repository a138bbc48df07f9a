import type { SplitReport } from '#contract/datasets.ts';
import type { ErrorCode, ErrorDetail } from '#contract/errors.ts';
import type { ScoringSpec } from '#contract/evaluation.ts';
import type { ReadDataset } from '#core/datasets/read-dataset.ts';
import type { SplitResult } from '#core/datasets/split-rows.ts';
import type { DataChoice } from './data-choice.ts';

/** What the reading thread is asked. It remembers the last file, so that another split of it costs no reading. */
export interface ReadingRequest {
  /** Tells this file, read this way, from any other. */
  readonly key: string;
  readonly choice: DataChoice;
  /** False: the asker has the rows of this key. */
  readonly wantsRows: boolean;
}

/** Sides of a split as places in the list of rows: the rows themselves cross once. */
export interface PlacedSplit {
  readonly train: readonly number[];
  readonly validation: readonly number[];
  readonly heldOut: readonly number[];
  readonly report: SplitReport;
}

export interface ReadRows {
  readonly read: ReadDataset;
  readonly scoring: ScoringSpec;
}

export type ReadingAnswer =
  | { readonly kind: 'read'; readonly rows: ReadRows | null; readonly split: PlacedSplit }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly detail: ErrorDetail }
  | { readonly kind: 'bug'; readonly stack: string };

export function placedSplit({ rows }: Pick<ReadDataset, 'rows'>, split: SplitResult): PlacedSplit {
  const places = new Map(rows.map(({ id }, place) => [id, place]));
  const placesOf = (side: SplitResult['train']): number[] => side.map(({ id }) => places.get(id) ?? -1);
  const { train, validation, heldOut, report } = split;
  return { train: placesOf(train), validation: placesOf(validation), heldOut: placesOf(heldOut), report };
}

export function splitOfPlaces({ rows }: Pick<ReadDataset, 'rows'>, placed: PlacedSplit): SplitResult {
  const rowsAt = (places: readonly number[]) => places.flatMap((place) => rows[place] ?? []);
  const { train, validation, heldOut, report } = placed;
  return { train: rowsAt(train), validation: rowsAt(validation), heldOut: rowsAt(heldOut), report };
}
