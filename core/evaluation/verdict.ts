import type { Comparison, Verdict } from '#contract/evaluation.ts';
import { say } from '#contract/sentences.ts';
import { minimumClusters } from './statistics.ts';

/** Whole points, with decimals where whole ones would hide a difference. Never "-0". */
function shown(points: number): string {
  const size = Math.abs(points);
  const text = size >= 10 ? size.toFixed(0) : size.toFixed(size >= 0.1 || size === 0 ? 1 : 2).replace(/\.0$/, '');
  return points < 0 && Number(text) !== 0 ? `-${text}` : text;
}

function setSize({ rows, clusters: groups }: Comparison): string {
  if (groups !== 1) return say('job.rows-and-groups', { rows, groups });
  return rows === 1 ? say('job.one-row') : say('job.rows-one-group', { rows });
}

function noDifference(comparison: Comparison): string {
  if (comparison.minimumVisible === null) {
    return say('job.verdict-same', { rows: setSize(comparison) });
  }
  return say('job.verdict-unseen', { rows: setSize(comparison), points: shown(comparison.minimumVisible) });
}

/**
 * What a comparison means, in words every face prints unchanged. "Better" and "worse" appear only when the 95 % interval leaves out 0.
 */
export function verdictOf(comparison: Comparison): Verdict {
  const { interval, delta } = comparison;
  if (interval === null) {
    const sentence = say('job.verdict-too-few', { rows: setSize(comparison), minimum: minimumClusters });
    return { kind: 'too-few', sentence };
  }
  const [low, high] = interval;
  const measured = {
    base: shown(comparison.baseMean),
    tuned: shown(comparison.tunedMean),
    rows: setSize(comparison),
  };
  if (low > 0) {
    const sentence = say('job.verdict-better', {
      ...{ points: shown(delta), low: shown(low), high: shown(high) },
      ...measured,
    });
    return { kind: 'better', sentence };
  }
  if (high < 0) {
    const sentence = say('job.verdict-worse', {
      ...{ points: shown(-delta), low: shown(-high), high: shown(-low) },
      ...measured,
    });
    return { kind: 'worse', sentence };
  }
  return { kind: 'no-difference', sentence: noDifference(comparison) };
}
