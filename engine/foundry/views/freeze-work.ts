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
  type ViewStep,
} from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { createExactDuplicates } from '#core/foundry/dedupe/exact-duplicates.ts';
import { contentId } from '#core/foundry/import/row-identity.ts';
import { AppendFile } from '#native-bridge/datasets/store/append-file.ts';
import { buildIndex } from '#native-bridge/datasets/store/build-index.ts';
import { reservedNames } from '#native-bridge/datasets/store/store-places.ts';
import type { FoundryWork, WorkContext } from '../work-context.ts';
import { digestText } from './filter-parts.ts';
import { keptBefore, keptRowsFile, rememberKept, type KeptRows } from './kept-rows.ts';
import { createPiiGuard, lineageOf, type PiiGuard } from './pii-guard.ts';
import { createRowPace, type RowPace } from './row-pace.ts';
import { writeSides, type SideCounts } from './write-sides.ts';
import { stepSources } from './script-stage.ts';
import { openPipeline, type StepPipeline } from './step-pipeline.ts';
import { stepResources } from './step-resources.ts';
import { rowsOf } from './view-work.ts';

export const freezeOrder = z.object({
  version: versionReference,
  steps: z.array(viewStep),
  as: datasetName,
  split: splitChoice.nullable(),
  resources: stepResources,
  scripts: stepSources,
});
type FreezeOrder = z.infer<typeof freezeOrder>;

/** Steps that change what a row says, and with it the id that is made of its content. */
function changeContent({ steps }: FreezeOrder): boolean {
  const changes = (step: ViewStep): boolean =>
    step.kind === 'script' || (step.kind === 'pii' && (step.action === 'mask' || step.action === 'replace'));
  return steps.some(changes);
}

interface Freezing {
  readonly order: FreezeOrder;
  readonly parent: DatasetVersion;
  readonly context: WorkContext;
}

interface Filtering extends Freezing {
  readonly guard: PiiGuard;
  readonly pipeline: StepPipeline;
}

async function writeKept({ order, parent, context, guard, pipeline }: Filtering, pace: RowPace): Promise<KeptRows> {
  const file = keptRowsFile(context.folder);
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
    const outcomes = await pipeline.apply({ open: rowsOf(context, parent), pause, onKept });
    await output.sync();
    return { file, rows, repeated, outcomes };
  } finally {
    output.close();
  }
}

/** The rows that steps keep and that may be kept. @throws ForgeError foundry.pii-unreviewed, foundry.nothing-left */
async function filterRows(freezing: Freezing): Promise<KeptRows> {
  const { order, parent, context } = freezing;
  const guard = createPiiGuard(await lineageOf(context.store, parent, order.steps), order.resources);
  const pipeline = await openPipeline({ ...order, rows: parent.rows }, context);
  const pace = createRowPace(context, parent.rows * pipeline.passes, (rows) => `${rows} rows filtered`);
  const kept = await writeKept({ ...freezing, guard, pipeline }, pace);
  guard.require(parent.name);
  if (kept.rows === 0) throw new ForgeError('foundry.nothing-left', { rows: parent.rows, name: parent.name });
  await rememberKept(context.folder, kept);
  return kept;
}

const mergingSteps: ReadonlySet<string> = new Set(['exact-duplicates', 'near-duplicates']);

function countsOf({ outcomes, repeated }: KeptRows, leftOut: number) {
  const sum = (wanted: boolean): number =>
    outcomes.reduce((all, { step, dropped }) => all + (mergingSteps.has(step.kind) === wanted ? dropped : 0), 0);
  const changed = outcomes.reduce((all, outcome) => all + outcome.changed, 0);
  const given = outcomes.flatMap(({ added }) => added ?? []);
  const added = given.reduce((all, rows) => all + rows, 0);
  return { ...(given.length > 0 && { added }), dropped: sum(false) + leftOut, merged: sum(true) + repeated, changed };
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
  const seen = parent.rows + (counts.added ?? 0);
  requireBalance(seen, facts.rows, counts);
  const { name, version } = parent;
  const made = await context.store.commit({
    ...{ folder: context.folder, rowsFile: file, digest: facts.digest, rejectsFile: null, indexFile },
    about: {
      ...{ name: order.as, parent: { name, version } },
      recipe: { import: null, steps: order.steps, split: order.split },
      ...{ rows: facts.rows, kinds: facts.kinds, seen, rejected: counts.dropped, merged: counts.merged },
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

/**
 * Makes an immutable version of what steps keep (D-8), each row on its side where a split was asked for. A pause or a kill goes on behind the steps when they
 * were through, whatever they are; while they run it begins anew, because what a step remembers of earlier rows is not written down.
 */
export const freezeWork: FoundryWork = async (given, context): Promise<FreezeReport> => {
  const startMs = performance.now();
  const order = freezeOrder.parse(given);
  if (reservedNames.has(order.as)) throw new ForgeError('foundry.name-reserved', { name: order.as });
  const parent = await context.store.read(order.version);
  const freezing = { order, parent, context };
  const kept = (await keptBefore(context.folder)) ?? (await filterRows(freezing));
  const sides = order.split === null ? null : await writeSides(context, kept, order.split);
  const { made, counts } = await commit(freezing, { file: sides?.file ?? kept.file, kept, sides });
  return {
    ...{ name: made.name, version: made.version, digest: made.digest, seen: parent.rows, rows: made.rows },
    ...{ ...counts, sides: sides?.sides ?? null, seconds: Math.round(performance.now() - startMs) / 1000 },
  };
};
