import { rowFeatures, type RowFeature } from '#contract/data-exports.ts';
import type { CanonicalMessage, CanonicalRow } from '#contract/rows.ts';

function messagesOf(row: CanonicalRow): readonly CanonicalMessage[] {
  switch (row.kind) {
    case 'sft':
    case 'prompt':
      return row.messages;
    case 'preference':
      return [...row.prompt, ...row.chosen, ...row.rejected];
    case 'unpaired':
      return [...row.prompt, ...row.completion];
    case 'text':
      return [];
  }
}

/** What comes before the answer; the row's own list where there is no answer. */
function contextOf(row: CanonicalRow): readonly CanonicalMessage[] {
  if (row.kind === 'text') return [];
  if (row.kind === 'prompt') return row.messages;
  return row.kind === 'sft' ? row.messages.slice(0, -1) : row.prompt;
}

/** Features of one row. */
export function featuresOf(row: CanonicalRow): ReadonlySet<RowFeature> {
  const features = new Set<RowFeature>([row.kind, 'group', 'origin']);
  const messages = messagesOf(row);
  if ('tools' in row && row.tools !== undefined) features.add('tools');
  for (const message of messages) {
    const calls = message.tool_calls ?? [];
    if (message.role === 'tool' || calls.length > 0) features.add('tool-messages');
    if (calls.length > 0 && message.content !== '') features.add('call-and-content');
    if (calls.length > 1) features.add('several-calls');
    if (message.tool_call_id !== undefined || calls.some(({ id }) => id !== undefined)) features.add('call-links');
    if (message.weight !== undefined) features.add('weights');
    if (message.role === 'system' && message.content.trim() !== message.content) features.add('system-edges');
  }
  if (contextOf(row).filter(({ role }) => role !== 'system').length > 1) features.add('several-turns');
  if (row.kind === 'preference' && (row.chosen.length > 1 || row.rejected.length > 1)) features.add('long-side');
  if (row.kind === 'unpaired' && row.completion.length > 1) features.add('long-side');
  if (row.domain !== undefined) features.add('domain');
  if (row.category !== undefined || row.lang !== undefined) features.add('metadata');
  if (row.flags.length > 0) features.add('flags');
  if (row.training_eligible !== true) features.add('not-eligible');
  return features;
}

/** How many rows have each feature. */
export type FeatureCounts = Record<RowFeature, number> & { rows: number };

export function noFeatures(): FeatureCounts {
  const zero = Object.fromEntries(rowFeatures.map((feature) => [feature, 0])) as Record<RowFeature, number>;
  return { ...zero, rows: 0 };
}

export function countFeatures(counts: FeatureCounts, row: CanonicalRow): void {
  counts.rows += 1;
  for (const feature of featuresOf(row)) counts[feature] += 1;
}
