import type { DataFormat } from '#contract/data-exports.ts';
import type { SplitChoice } from '#contract/dataset-versions.ts';
import type { CanonicalRow, RowKind } from '#contract/rows.ts';
import { assignSide, type SplitSide } from '../split/assign-side.ts';

export interface ExportColumn {
  readonly name: string;
  /** `json` columns hold lists and objects. */
  readonly holds: 'text' | 'json' | 'truth';
}

/** Columns of a CSV or Parquet file of one kind. */
export const kindColumns: Readonly<Record<RowKind, readonly ExportColumn[]>> = {
  sft: withFacts([
    { name: 'messages', holds: 'json' },
    { name: 'tools', holds: 'json' },
  ]),
  preference: withFacts([
    { name: 'prompt', holds: 'json' },
    { name: 'chosen', holds: 'json' },
    { name: 'rejected', holds: 'json' },
  ]),
  unpaired: withFacts([
    { name: 'prompt', holds: 'json' },
    { name: 'completion', holds: 'json' },
    { name: 'label', holds: 'truth' },
  ]),
  prompt: withFacts([
    { name: 'prompt', holds: 'json' },
    { name: 'tools', holds: 'json' },
  ]),
  text: withFacts([{ name: 'text', holds: 'text' }]),
};

function withFacts(content: readonly ExportColumn[]): readonly ExportColumn[] {
  const names = ['group', 'category', 'lang', 'licence', 'teacher', 'training_eligible'];
  return [...content, ...names.map((name) => ({ name, holds: 'text' as const }))];
}

const extensions = { parquet: 'parquet', csv: 'csv' } as const;

export function extensionOf(format: DataFormat): 'jsonl' | 'parquet' | 'csv' {
  return format === 'parquet' || format === 'csv' ? extensions[format] : 'jsonl';
}

const sideNames: Readonly<Record<SplitSide, string>> = { train: 'train', validation: 'valid', test: 'test' };

/** MLX trains only with all three files; this is the split where neither the person nor the version chose one. */
const usualSplit: SplitChoice = { seed: 0, validationShare: 0.1, testShare: 0.1 };

/** The split of an export; null: all rows in one file. */
export function splitOf(format: DataFormat, chosen: SplitChoice | null): SplitChoice | null {
  return chosen ?? (format === 'mlx' ? usualSplit : null);
}

/** Name of the file a row goes to: `train.jsonl`, `preference-test.parquet`. One file holds one kind of row. */
export function fileOf(format: DataFormat, row: CanonicalRow, split: SplitChoice | null): string {
  const shares = split === null ? null : { validation: split.validationShare, test: split.testShare };
  const side = split === null || shares === null ? 'train' : assignSide(row.group, split.seed, shares);
  const kind = row.kind === 'sft' ? '' : `${row.kind}-`;
  return `${kind}${sideNames[side]}.${extensionOf(format)}`;
}
