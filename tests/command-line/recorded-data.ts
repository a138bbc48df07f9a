import type { DatasetInspection, KnownDataset } from '#contract/dataset-preview.ts';
import type { DatasetReport, SplitReport } from '#contract/datasets.ts';
import { ForgeError } from '#contract/errors.ts';
import type { MainJobRequest } from '#contract/main-job.ts';
import type { PlanPreview } from '#contract/plan-preview.ts';
import { planRecipe } from '#core/recipes/plan-recipe.ts';
import { forgeImplementer } from '#engine/transports/forge-router.ts';

const report: DatasetReport = {
  name: 'support.csv',
  container: 'csv',
  format: 'columns',
  mapping: { prompt: 'ticket', answer: 'answer' },
  delimiter: ',',
  encoding: { name: 'utf-8', certain: true },
  sizeBytes: 1000,
  sha256: '0'.repeat(64),
  seen: 40,
  rows: 40,
  duplicates: 0,
  contradictions: 0,
  rejected: { total: 0, byReason: {}, examples: [] },
  flags: {},
  groups: { count: 40, origin: 'near-duplicates', largest: 1 },
  warnings: [],
};
const side = (rows: number) => ({ rows, groups: rows });
const split: SplitReport = {
  seed: 17,
  train: side(28),
  validation: side(4),
  heldOut: side(8),
  heldOutWanted: 8,
  leaks: { exactPairs: 0, nearPairs: 0, nearPairsOfPlainShuffle: 0 },
  largestLabelShift: null,
  expectedVisiblePoints: null,
  warnings: [],
};

/** The plan of any request, with the request in its place of the recipe, so that a test sees what arrived. */
export function recordedPlan(request: MainJobRequest): PlanPreview {
  const facts = { parameters: 135e6, family: 'llama', layers: 30, hiddenSize: 576, vocabularySize: 49_152 };
  const plan = planRecipe({
    model: { ...facts, contextLength: 8192, hasChatTemplate: true },
    dataset: {
      trainRows: 28,
      validationRows: 4,
      tokens: { mean: 9, p50: 9, p95: 9, longest: 9 },
      estimated: true,
      answerShare: 0.2,
    },
    machine: { device: 'cpu', physicalCores: 2, memoryBytes: 16e9, bf16: true },
  });
  return {
    lines: [`Would train on ${request.dataset ?? 'the sample'}`],
    recipe: { rank: request.rank ?? 16, request },
    reasons: { rank: 'the usual size' },
    plan,
    report,
    split,
    base: { id: 'smol', name: 'Smol', isHere: true },
    machine: { summary: '2 cores', profile: 'cpu', reason: 'no GPU was found' },
    forecast: { trainSeconds: 100, totalSeconds: 300, diskBytes: 1e9 },
    warnings: [],
  };
}

const sample: KnownDataset = {
  path: '/app/sample.csv',
  label: 'Support tickets',
  kind: 'sample',
  about: 'Tickets.',
  rows: 40,
  sizeBytes: 1000,
  changedAt: 0,
  isDefault: true,
};

/** `datasets.*` over a file of 40 rows; what was asked stands in the answer. */
export function recordedDatasets() {
  const { datasets } = forgeImplementer;
  return {
    list: datasets.list.handler(() => [sample]),
    inspect: datasets.inspect.handler(({ input }): DatasetInspection => {
      if (input.path.endsWith('missing.csv')) throw new ForgeError('dataset.not-found', { path: input.path });
      const messages = [
        { role: 'user' as const, content: JSON.stringify(input) },
        { role: 'assistant' as const, content: 'Yes.' },
      ];
      const row = { id: `row-${input.offset}`, kind: 'sft' as const, messages, group: 'g' };
      const rows = input.offset < 40 ? [{ row, side: 'train' as const }] : [];
      return {
        path: input.path,
        report,
        split,
        columns: ['ticket', 'answer'],
        scoring: 'Answers are scored.',
        rows,
        total: 40,
      };
    }),
    showRow: datasets.showRow.handler(({ input }) => ({
      pieces: [
        { text: `${input.row} for ${input.base ?? 'the default'}: `, learned: false, part: 'user' as const, token: 1 },
        { text: 'Yes.', learned: true, part: 'assistant' as const, token: 2 },
      ],
      tokens: 2,
      learnedTokens: 1,
      exactness: 'tokens' as const,
      note: 'As smol sees it.',
    })),
    obtain: datasets.obtain.handler(async function* ({ input }) {
      yield { kind: 'progress' as const, text: `fetching ${input.source}`, fraction: 0.5 };
      await Promise.resolve();
      yield { kind: 'done' as const, path: '/home/got.jsonl', label: input.source, sizeBytes: 10, note: '12 rows.' };
    }),
    remove: datasets.remove.handler(() => ({ freedBytes: 1000 })),
  };
}
