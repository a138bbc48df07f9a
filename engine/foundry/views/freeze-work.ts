import { hash } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import type { FreezeReport } from '#contract/dataset-checks.ts';
import {
  datasetName,
  splitChoice,
  versionReference,
  viewStep,
  type DatasetVersion,
  type StepOutcome,
} from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { createExactDuplicates } from '#core/foundry/dedupe/exact-duplicates.ts';
import { applySteps, passesOf, type FilterStep } from '#core/foundry/filters/apply-steps.ts';
import { contentId } from '#core/foundry/import/row-identity.ts';
import { AppendFile } from '#native-bridge/datasets/store/append-file.ts';
import { buildIndex } from '#native-bridge/datasets/store/build-index.ts';
import { reservedNames } from '#native-bridge/datasets/store/store-places.ts';
import type { FoundryWork, WorkContext } from '../work-context.ts';
import { digestText, openFilters } from './filter-parts.ts';
import { createPiiGuard, lineageOf, type PiiGuard } from './pii-guard.ts';
import { createRowPace, type RowPace } from './row-pace.ts';
import { writeSides, type SideCounts } from './write-sides.ts';
import { stepResources } from './step-resources.ts';
import { rowsOf } from './view-work.ts';

export const freezeOrder = z.object({
  version: versionReference,
  steps: z.array(viewStep),
  as: datasetName,
  split: splitChoice.nullable(),
  resources: stepResources,
});
type FreezeOrder = z.infer<typeof freezeOrder>;

interface KeptRows {
  readonly file: string;
  readonly rows: number;
  /** Rows that steps made equal to an earlier one. */
  readonly repeated: number;
  readonly outcomes: readonly StepOutcome[];
}

/** Steps that change what a row says, and with it the id that is made of its content. */
function changeContent({ steps }: FreezeOrder): boolean {
  return steps.some((step) => step.kind === 'pii' && (step.action === 'mask' || step.action === 'replace'));
}

interface Freezing {
  readonly order: FreezeOrder;
  readonly parent: DatasetVersion;
  readonly context: WorkContext;
  readonly guard: PiiGuard;
  readonly filters: readonly FilterStep[];
}

async function writeKept({ order, parent, context, guard, filters }: Freezing, pace: RowPace): Promise<KeptRows> {
  const file = path.join(context.folder, 'rows.kept');
  const output = new AppendFile(file, 0);
  const ids = changeContent(order) ? createExactDuplicates(digestText, (id) => id) : null;
  let [rows, repeated] = [0, 0];
  const onKept = (kept: CanonicalRow): void => {
    guard.see(kept);
    const row = ids === null ? kept : { ...kept, id: contentId(kept, (text) => hash('sha256', text)) };
    if (ids !== null && ids.add(row.id) >= 0) {
      repeated += 1;
      return;
    }
    output.append(Buffer.from(`${JSON.stringify(row)}\n`));
    rows += 1;
  };
  const pause = (read: number): Promise<void> | undefined => pace.rowDone(read) ?? pace.piece();
  try {
    const outcomes = await applySteps(filters, { open: rowsOf(context, parent), pause, onKept });
    return { file, rows, repeated, outcomes };
  } finally {
    output.close();
  }
}

const mergingSteps: ReadonlySet<string> = new Set(['exact-duplicates', 'near-duplicates']);

function countsOf({ outcomes, repeated }: KeptRows, leftOut: number) {
  const sum = (wanted: boolean): number =>
    outcomes.reduce((all, { step, dropped }) => all + (mergingSteps.has(step.kind) === wanted ? dropped : 0), 0);
  const changed = outcomes.reduce((all, outcome) => all + outcome.changed, 0);
  return { dropped: sum(false) + leftOut, merged: sum(true) + repeated, changed };
}

/** Nothing may get lost between two versions either (D-3). @throws ForgeError foundry.unbalanced */
function requireBalance(seen: number, accepted: number, counts: { dropped: number; merged: number }): void {
  const { dropped: rejected, merged } = counts;
  if (seen !== accepted + rejected + merged)
    throw new ForgeError('foundry.unbalanced', { seen, accepted, rejected, merged });
}

interface FinalRows {
  readonly file: string;
  readonly kept: KeptRows;
  readonly sides: SideCounts | null;
}

async function commit({ order, parent, context }: Freezing, { file, kept, sides }: FinalRows) {
  const perSource = new Map<string, number>();
  const indexFile = path.join(context.folder, 'index.db');
  const facts = await buildIndex({
    ...{ rowsFile: file, indexFile, texts: context.texts, step: () => context.breathe() },
    onRow: ({ source }) => perSource.set(source.uri, (perSource.get(source.uri) ?? 0) + 1),
  });
  const counts = countsOf(kept, sides?.leftOut ?? 0);
  requireBalance(parent.rows, facts.rows, counts);
  const { name, version } = parent;
  const made = await context.store.commit({
    ...{ folder: context.folder, rowsFile: file, digest: facts.digest, rejectsFile: null, indexFile },
    about: {
      ...{ name: order.as, parent: { name, version } },
      recipe: { import: null, steps: order.steps, split: order.split },
      ...{ rows: facts.rows, kinds: facts.kinds, seen: parent.rows, rejected: counts.dropped, merged: counts.merged },
      sizeBytes: facts.sizeBytes,
      sources: parent.sources.flatMap((source) => {
        const rows = perSource.get(source.uri) ?? 0;
        return rows === 0 ? [] : [{ ...source, rows }];
      }),
      warnings: [],
    },
  });
  return { made, counts };
}

/** Makes an immutable version of what steps keep (D-8), each row on its side where a split was asked for. After a pause it starts over. */
export const freezeWork: FoundryWork = async (given, context): Promise<FreezeReport> => {
  const order = freezeOrder.parse(given);
  if (reservedNames.has(order.as)) throw new ForgeError('foundry.name-reserved', { name: order.as });
  const parent = await context.store.read(order.version);
  const lineage = await lineageOf(context.store, parent, order.steps);
  const guard = createPiiGuard(lineage, order.resources.packs);
  const filters = await openFilters(order.steps, order.resources);
  const freezing = { order, parent, context, guard, filters };
  const pace = createRowPace(context, parent.rows * passesOf(filters), (rows) => `${rows} rows filtered`);
  const kept = await writeKept(freezing, pace);
  guard.require(parent.name);
  if (kept.rows === 0) throw new ForgeError('foundry.nothing-left', { rows: parent.rows, name: parent.name });
  const sides = order.split === null ? null : await writeSides(context, kept, order.split);
  const { made, counts } = await commit(freezing, { file: sides?.file ?? kept.file, kept, sides });
  return {
    ...{ name: made.name, version: made.version, digest: made.digest, seen: parent.rows, rows: made.rows },
    ...{ ...counts, sides: sides?.sides ?? null, seconds: pace.seconds() },
  };
};
