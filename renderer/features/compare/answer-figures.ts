import type { ComparedAnswer } from '#contract/comparisons.ts';
import { formatDuration, formatNumber, formatUsd } from '../../words/format.ts';
import type { useComparisonWords } from './comparison-words.ts';

type ComparisonWords = ReturnType<typeof useComparisonWords>;

/** What is known of how an answer came to be: time to the first token, speed, length, cost. What is not known is left out. */
export function answerFigures(answer: ComparedAnswer, words: ComparisonWords): readonly string[] {
  const { firstTokenMs, tokensPerSecond, usage, points } = answer;
  return [
    ...(points === null ? [] : [words('points', { points: formatNumber(points) })]),
    ...(firstTokenMs === null ? [] : [words('firstToken', { time: formatShortTime(firstTokenMs) })]),
    ...(tokensPerSecond === null
      ? []
      : [words('perSecond', { count: formatNumber(tokensPerSecond, tokensPerSecond < 10 ? 1 : 0) })]),
    ...(usage === null ? [] : [words('tokenCount', { count: usage.completionTokens })]),
    ...costWords(answer, words),
  ];
}

/** Nothing while the names are hidden: a free answer would tell which model is on this machine. */
function costWords({ model, state, costUsd }: ComparedAnswer, words: ComparisonWords): readonly string[] {
  if (model === null || state === 'waiting' || state === 'streaming') return [];
  if (costUsd === null) return [words('costUnknown')];
  return [costUsd === 0 ? words('costFree') : formatUsd(costUsd)];
}

/** `85 ms`, `0.4 s`, `12 s`. */
export function formatShortTime(milliseconds: number): string {
  if (milliseconds < 95) return `${formatNumber(milliseconds)}\u00A0ms`;
  return milliseconds < 9_950 ? `${formatNumber(milliseconds / 1000, 1)}\u00A0s` : formatDuration(milliseconds / 1000);
}
