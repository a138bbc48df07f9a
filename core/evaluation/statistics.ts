import type { Comparison } from '#contract/evaluation.ts';
import { exactMcNemar } from './proportion.ts';
import { createSeededRandom } from './seeded-random.ts';
import { normalQuantile, normalUpperTail, studentQuantile, studentUpperTail } from './student.ts';
import { mean } from './mean.ts';

/** With fewer clusters an interval says more than is known. */
export const minimumClusters = 20;
const defaultResamples = 10_000;
const alpha = 0.05;
const power = 0.8;

/** Sums of paired differences by cluster. */
export interface ClusterSums {
  readonly sums: Float64Array;
  readonly sizes: Float64Array;
}

export function sumByCluster(differences: readonly number[], clusters: readonly string[]): ClusterSums {
  const places = new Map<string, number>();
  for (const cluster of clusters) if (!places.has(cluster)) places.set(cluster, places.size);
  const [sums, sizes] = [new Float64Array(places.size), new Float64Array(places.size)];
  differences.forEach((difference, index) => {
    const place = places.get(clusters[index] ?? '') ?? 0;
    sums[place] = (sums[place] ?? 0) + difference;
    sizes[place] = (sizes[place] ?? 0) + 1;
  });
  return { sums, sizes };
}

/** Means of `resamples` samples of whole clusters drawn with replacement, sorted (Efron and Tibshirani 1993; clusters as in Cameron, Gelbach, Miller 2008). */
export function bootstrapMeans(data: ClusterSums, resamples: number, seed: number): Float64Array {
  const { sums, sizes } = data;
  const random = createSeededRandom(seed);
  const means = new Float64Array(resamples);
  for (let sample = 0; sample < resamples; sample += 1) {
    let [sum, size] = [0, 0];
    for (let draw = 0; draw < sums.length; draw += 1) {
      const cluster = random.below(sums.length);
      sum += sums[cluster] ?? 0;
      size += sizes[cluster] ?? 0;
    }
    means[sample] = sum / size;
  }
  return means.sort();
}

/** Value below which the share lies, between the neighbours (type 7 of Hyndman and Fan 1996). */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
  return below + (above - below) * (place - Math.floor(place));
}

/**
 * Percentile interval, expanded for few clusters: percentiles know nothing of the n-1 in the variance nor of Student's t, so the
 * tail is taken at Phi(-t sqrt(n/(n-1))) instead of 2.5 % (Hesterberg 2015, "What Teachers Should Know About the Bootstrap", 5.3).
 * With 20 clusters the tail is 1.6 %, with 200 it is 2.4 %.
 */
export function expandedInterval(sortedMeans: Float64Array, clusters: number): [low: number, high: number] {
  const expanded = studentQuantile(alpha / 2, clusters - 1) * Math.sqrt(clusters / (clusters - 1));
  const tail = normalUpperTail(expanded);
  return [quantile(sortedMeans, tail), quantile(sortedMeans, 1 - tail)];
}

/** Number of sorted values below the limit (`inclusive`: at or below it). */
function countBelow(sorted: Float64Array, limit: number, inclusive: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = sorted[middle] ?? 0;
    if (value < limit || (inclusive && value === limit)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Two-sided p that belongs to `expandedInterval`: the level at which the interval would touch 0. Never 0: at least 1 resample counts. */
export function bootstrapP(sortedMeans: Float64Array, clusters: number): number {
  const total = sortedMeans.length;
  const notAbove = countBelow(sortedMeans, 0, true);
  const notBelow = total - countBelow(sortedMeans, 0, false);
  const tail = (Math.min(notAbove, notBelow) + 1) / (total + 1);
  if (tail >= 0.5) return 1;
  const t = normalQuantile(tail) * Math.sqrt((clusters - 1) / clusters);
  return Math.min(1, 2 * studentUpperTail(t, clusters - 1));
}

/** Standard error of the mean difference when rows of one cluster depend on each other (linearised ratio, n/(n-1) corrected). */
function clusteredError(data: ClusterSums, mean: number): number {
  const n = data.sums.length;
  const rows = data.sizes.reduce((total, size) => total + size, 0);
  const squares = data.sums.reduce((total, sum, index) => total + (sum - mean * (data.sizes[index] ?? 0)) ** 2, 0);
  return Math.sqrt((n / (n - 1)) * squares) / rows;
}

/** Factor from standard error to the smallest difference seen with 80 % probability at two-sided 5 % (Miller 2024, arXiv 2411.00640, 5). */
function visibilityFactor(clusters: number): number {
  return studentQuantile(alpha / 2, clusters - 1) + studentQuantile(1 - power, clusters - 1);
}

function mcNemarOf(base: readonly number[], tuned: readonly number[], clusterCount: number): Comparison['mcnemar'] {
  const binary = [...base, ...tuned].every((points) => points === 0 || points === 100);
  if (!binary || clusterCount !== base.length) return null;
  const onlyBase = base.filter((points, index) => points > (tuned[index] ?? 0)).length;
  const onlyTuned = base.filter((points, index) => points < (tuned[index] ?? 0)).length;
  return { onlyBase, onlyTuned, p: exactMcNemar(onlyBase, onlyTuned) };
}

/** The scores of two models on the same rows: three lists of one length. */
export interface PairedScores {
  readonly base: readonly number[];
  readonly tuned: readonly number[];
  readonly clusters: readonly string[];
}

/**
 * Compares two models row by row. `base[i]` and `tuned[i]` are points (0..100) of the same row, `clusters[i]` its leak group.
 * Gives the mean difference, its 95 % interval by 10,000 resamples of whole clusters, p, and the smallest difference this set can show.
 * Fewer than 20 clusters: no interval, no p. The same input and seed always give the same result.
 */
export function compare(
  { base, tuned, clusters }: PairedScores,
  options: { readonly seed?: number; readonly resamples?: number } = {},
): Comparison {
  if (base.length !== tuned.length || base.length !== clusters.length)
    throw new Error('the rows of a comparison must be paired');
  const [seed, resamples] = [options.seed ?? 1, options.resamples ?? defaultResamples];
  const outside = [...base, ...tuned].find((points) => !(points >= 0 && points <= 100));
  if (outside !== undefined) throw new Error(`points must be 0 to 100, not ${outside}`);
  const differences = base.map((points, index) => (tuned[index] ?? 0) - points);
  const delta = mean(differences);
  const data = sumByCluster(differences, clusters);
  const clusterCount = data.sums.length;
  const plain = {
    rows: base.length,
    clusters: clusterCount,
    baseMean: mean(base),
    tunedMean: mean(tuned),
    delta,
    seed,
  };
  const mcnemar = mcNemarOf(base, tuned, clusterCount);
  if (clusterCount < minimumClusters) {
    return { ...plain, interval: null, p: null, minimumVisible: null, mcnemar, resamples: 0 };
  }
  const means = bootstrapMeans(data, resamples, seed);
  const differ = differences.some((difference) => difference !== 0);
  const error = clusteredError(data, delta);
  return {
    ...plain,
    interval: expandedInterval(means, clusterCount),
    p: differ ? bootstrapP(means, clusterCount) : 1,
    minimumVisible: error > 0 ? visibilityFactor(clusterCount) * error : null,
    mcnemar,
    resamples,
  };
}

/** Spread of a row's difference between two models, in points: measured over 15 stored benchmark runs with graded scores. */
const assumedSpreadPoints = 22;
/** How much rows of one group repeat one another, 0..1. */
const assumedGroupCorrelation = 0.5;

/**
 * Before anything was measured: the smallest change in points that so many rows in so many groups can be expected to show (80 % power,
 * two-sided 5 %). Design effect 1 + (m - 1) rho for groups of m rows (Kish 1965). Null below 20 groups.
 */
export function expectedVisibleDifference(
  rows: number,
  clusters: number,
  spreadPoints = assumedSpreadPoints,
): number | null {
  if (clusters < minimumClusters) return null;
  const designEffect = 1 + (rows / clusters - 1) * assumedGroupCorrelation;
  return visibilityFactor(clusters) * spreadPoints * Math.sqrt(designEffect / rows);
}
