import type { Comparison, Verdict } from '#contract/evaluation.ts';
import { minimumClusters } from './statistics.ts';

/** Whole points, with decimals where whole ones would hide a difference. Never "-0". */
function shown(points: number): string {
  const size = Math.abs(points);
  const text = size >= 10 ? size.toFixed(0) : size.toFixed(size >= 0.1 || size === 0 ? 1 : 2).replace(/\.0$/, '');
  return points < 0 && Number(text) !== 0 ? `-${text}` : text;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function setSize(comparison: Comparison): string {
  return `${counted(comparison.rows, 'row', 'rows')} in ${counted(comparison.clusters, 'group', 'groups')}`;
}

function noDifference(comparison: Comparison): string {
  if (comparison.minimumVisible === null) {
    return `No difference visible: both models scored the same on each of the ${setSize(comparison)}.`;
  }
  return `No difference visible; with ${setSize(comparison)} changes under ${shown(comparison.minimumVisible)} points can't be seen.`;
}

/**
 * What a comparison means, in words every face prints unchanged. "Better" and "worse" appear only when the 95 % interval leaves out 0.
 */
export function verdictOf(comparison: Comparison): Verdict {
  const { interval, delta } = comparison;
  if (interval === null) {
    const have = `${setSize(comparison)} were measured; at least ${minimumClusters} groups are needed`;
    return { kind: 'too-few', sentence: `Too few to compare: ${have}.` };
  }
  const [low, high] = interval;
  const means = `${shown(comparison.baseMean)} -> ${shown(comparison.tunedMean)} of 100`;
  if (low > 0) {
    const sentence = `Better by ${shown(delta)} points (${shown(low)} to ${shown(high)}): ${means}, on ${setSize(comparison)}.`;
    return { kind: 'better', sentence };
  }
  if (high < 0) {
    const sentence = `Worse by ${shown(-delta)} points (${shown(-high)} to ${shown(-low)}): ${means}, on ${setSize(comparison)}.`;
    return { kind: 'worse', sentence };
  }
  return { kind: 'no-difference', sentence: noDifference(comparison) };
}
