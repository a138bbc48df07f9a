import path from 'node:path';
import type { SplitChoice } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { comparedText } from '#core/foundry/dedupe/compared-text.ts';
import { createRowSplit, type LeakageReport, type SplitPlan } from '#core/foundry/split/split-rows.ts';
import { AppendFile } from '#native-bridge/datasets/store/append-file.ts';
import { readLineBatches, rowOfLine } from '#native-bridge/datasets/store/row-lines.ts';
import type { WorkContext } from '../work-context.ts';
import { digestText } from './filter-parts.ts';
import { createRowPace } from './row-pace.ts';

/** Plans the sides of rows (D-11). Rows that stood on a side before keep it. @throws ForgeError foundry.no-split */
export async function planSides(
  context: WorkContext,
  { rows, open }: { readonly rows: number; readonly open: () => AsyncIterable<readonly CanonicalRow[]> },
  { seed, validationShare, testShare }: SplitChoice,
): Promise<SplitPlan> {
  if (validationShare + testShare >= 1)
    throw new ForgeError('foundry.no-split', { validation: validationShare, test: testShare });
  const split = createRowSplit({ seed, shares: { validation: validationShare, test: testShare }, digest: digestText });
  const pace = createRowPace(context, rows, (count) => `${count} rows compared for the split`);
  let count = 0;
  for await (const batch of open()) {
    for (const row of batch) {
      split.add({ id: row.id, group: row.group, text: comparedText(row, 'prompt'), earlier: row.side });
      count += 1;
      await pace.rowDone(count);
    }
  }
  const planning = split.plan();
  for (;;) {
    const step = planning.next();
    if (step.done === true) return step.value;
    await pace.piece();
  }
}

export interface SideCounts {
  readonly file: string;
  readonly sides: { train: number; validation: number; test: number };
  readonly leftOut: number;
  readonly report: LeakageReport;
}

/** Writes the rows of a file with their sides into a new one; those that can stand on none are left out. */
export async function writeSides(
  context: WorkContext,
  kept: { readonly file: string; readonly rows: number },
  choice: SplitChoice,
): Promise<SideCounts> {
  const open = async function* (): AsyncGenerator<readonly CanonicalRow[]> {
    for await (const lines of readLineBatches(kept.file)) yield lines.map(({ bytes }) => rowOfLine(bytes));
  };
  const { sideOf, report } = await planSides(context, { rows: kept.rows, open }, choice);
  const file = path.join(context.folder, 'rows.sides');
  const output = new AppendFile(file, 0);
  const sides = { train: 0, validation: 0, test: 0 };
  let [place, leftOut] = [0, 0];
  try {
    for await (const rows of open()) {
      for (const row of rows) {
        const side = sideOf(place);
        place += 1;
        if (side === 'left-out') leftOut += 1;
        else {
          sides[side] += 1;
          output.append(Buffer.from(`${JSON.stringify({ ...row, side })}\n`));
        }
      }
      await context.breathe();
    }
  } finally {
    output.close();
  }
  return { file, sides, leftOut, report };
}
