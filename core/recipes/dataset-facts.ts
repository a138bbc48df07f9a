import type { DatasetRow } from '#contract/datasets.ts';
import type { DatasetFacts } from '#contract/recipes.ts';

/** What the chat template adds around each message, in tokens (`<|im_start|>role`, `<|im_end|>`, line ends). */
const templateTokensPerMessage = 5;
/** Letters a token stands for in texts of Latin script, for small vocabularies; other scripts need about a token a sign. */
const latinSignsPerToken = 3.6;
const otherSignsPerToken = 1.2;

/** Tokens of a text, estimated from its characters; typically within 20 % for running text. The run measures the real number. */
export function estimateTokens(text: string): number {
  let other = 0;
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) >= 0x250) other += 1;
  return Math.ceil((text.length - other) / latinSignsPerToken + other / otherSignsPerToken);
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 1;
}

/** Facts for the recipe planner: lengths from the training rows, estimated unless `countTokens` is a real tokenizer's. */
export function describeRows(
  train: readonly DatasetRow[],
  validation: readonly DatasetRow[],
  countTokens?: (text: string) => number,
): DatasetFacts {
  const count = countTokens ?? estimateTokens;
  const lengths = train.map(({ messages, text }) => {
    if (text !== undefined) return { all: count(text), answer: count(text) };
    const tokens = messages.map((message) => count(message.content) + templateTokensPerMessage);
    const learned = messages.map((message, index) =>
      message.role === 'assistant' && message.weight !== 0 ? (tokens[index] ?? 0) - templateTokensPerMessage + 1 : 0,
    );
    return { all: sum(tokens), answer: sum(learned) };
  });
  const sorted = lengths.map(({ all }) => all).toSorted((a, b) => a - b);
  const total = Math.max(1, sum(sorted));
  return {
    trainRows: train.length,
    validationRows: validation.length,
    tokens: {
      mean: total / Math.max(1, train.length),
      p50: percentile(sorted, 0.5),
      p95: percentile(sorted, 0.95),
      longest: sorted.at(-1) ?? 1,
    },
    estimated: countTokens === undefined,
    sharedTokens: sharedTokens(train, count),
    answerShare: sum(lengths.map(({ answer }) => answer)) / total,
  };
}

/** Tokens of the system message when every row has the same one. */
function sharedTokens(rows: readonly DatasetRow[], count: (text: string) => number): number {
  const first = rows[0]?.messages[0];
  const shared =
    first?.role === 'system' &&
    rows.every(({ messages, text }) => text === undefined && messages[0]?.content === first.content);
  return shared ? count(first.content) + templateTokensPerMessage : 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
