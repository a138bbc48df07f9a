import type { RowFeature } from '#contract/data-exports.ts';
import type { CarryLoss, DataFormat } from '#contract/data-exports.ts';
import type { CanonicalRow, RowKind } from '#contract/rows.ts';
import { featuresOf, type FeatureCounts } from './row-features.ts';

interface FormatLimits {
  readonly kinds: readonly RowKind[];
  /** A row with one of these is left out whole: half of it would teach something else. */
  readonly leavesRowsOut: readonly RowFeature[];
  /** The row goes without it. */
  readonly drops: readonly RowFeature[];
}

const never = ['not-eligible'] as const;
const extras = ['metadata', 'domain', 'group', 'origin', 'flags'] as const;
const ofColumns = ['domain', 'origin', 'flags'] as const;
const withTools = ['tools', 'tool-messages', 'call-and-content', 'several-calls', 'call-links'] as const;

/**
 * What each format has no place for. Sources: mlx-lm LORA.md (chat, tools, text), TRL "Dataset formats and types", LLaMA-Factory data/README.md, Axolotl
 * "Dataset formats", OpenAI "Fine-tuning: preparing your dataset".
 */
const limits: Readonly<Record<DataFormat, FormatLimits>> = {
  mlx: { kinds: ['sft'], leavesRowsOut: [...never, 'weights'], drops: extras },
  trl: {
    kinds: ['sft', 'preference', 'unpaired', 'prompt', 'text'],
    leavesRowsOut: [...never, 'weights'],
    drops: ofColumns,
  },
  'llama-factory': {
    kinds: ['sft', 'preference', 'unpaired', 'text'],
    leavesRowsOut: [...never, 'weights', 'call-and-content', 'long-side'],
    drops: [...extras, 'call-links'],
  },
  axolotl: {
    kinds: ['sft', 'preference', 'text'],
    leavesRowsOut: [...never, 'long-side'],
    drops: extras,
  },
  openai: { kinds: ['sft', 'preference'], leavesRowsOut: [...never, 'long-side'], drops: extras },
  alpaca: {
    kinds: ['sft'],
    leavesRowsOut: [...never, 'weights', ...withTools],
    drops: [...extras, 'system-edges'],
  },
  sharegpt: {
    kinds: ['sft'],
    leavesRowsOut: [...never, 'weights', 'call-and-content'],
    drops: [...extras, 'call-links'],
  },
  parquet: { kinds: ['sft', 'preference', 'unpaired', 'prompt', 'text'], leavesRowsOut: [], drops: ofColumns },
  csv: { kinds: ['sft', 'preference', 'unpaired', 'prompt', 'text'], leavesRowsOut: [], drops: ofColumns },
};

const said: Readonly<Record<RowFeature, string>> = {
  sft: 'conversations',
  preference: 'pairs of a chosen and a rejected answer',
  unpaired: 'answers labelled good or bad',
  prompt: 'questions without an answer',
  text: 'plain texts',
  tools: 'definitions of tools',
  'tool-messages': 'calls of tools and their answers',
  'call-and-content': 'a call of a tool and a text in one message',
  'several-calls': 'several calls of tools in one message',
  'call-links': 'ids that tie a call to its answer',
  weights: 'answers marked as context that is not learned, or as learned',
  'several-turns': 'conversations of several turns',
  'system-edges': 'spaces at the ends of the instruction',
  'long-side': 'answers that are several messages',
  metadata: 'category and language',
  domain: 'the domain',
  group: 'the group that a split keeps together',
  origin: 'the file and line it came from',
  flags: 'remarks of checks',
  'not-eligible': 'rows that may not be trained on, or wait for a decision',
};

function loss(what: RowFeature, rows: number, loses: CarryLoss['loses']): CarryLoss {
  const text = loses === 'row' ? `${rows} left out: ${said[what]}` : `${rows} without: ${said[what]}`;
  return { what, rows, loses, text };
}

/** What a format cannot carry of rows with these features; told before anything is written. */
export function cannotCarry(format: DataFormat, counts: FeatureCounts): CarryLoss[] {
  const { kinds, leavesRowsOut, drops } = limits[format];
  const otherKinds = (['sft', 'preference', 'unpaired', 'prompt', 'text'] as const).filter(
    (kind) => !kinds.includes(kind),
  );
  return [
    ...[...otherKinds, ...leavesRowsOut].map((what) => loss(what, counts[what], 'row')),
    ...drops.map((what) => loss(what, counts[what], 'part')),
  ].filter(({ rows }) => rows > 0);
}

/** Whether a row has a place in the format at all. */
export function canCarry(format: DataFormat, row: CanonicalRow): boolean {
  const { kinds, leavesRowsOut } = limits[format];
  if (!kinds.includes(row.kind)) return false;
  const features = featuresOf(row);
  return !leavesRowsOut.some((feature) => features.has(feature));
}
