import { useEffect, useMemo, useState } from 'react';
import type { StepRange } from './chart-range.ts';
import type { ChartSeries } from './chart-series.ts';
import { RefinedSeries } from './refined-series.ts';

/** A wheel or a held key asks once, when it has come to rest. */
const restMs = 120;

/**
 * The lines as they are drawn: where one comes near to a series that was thinned, the stretch that is seen is fetched in full. Until it is there, and
 * where it cannot be read, the thinned one is drawn.
 */
export function useRefinedSeries(series: readonly ChartSeries[], range: StepRange | null): readonly ChartSeries[] {
  const [refined, setRefined] = useState<ReadonlyMap<ChartSeries, RefinedSeries>>(noneRefined);
  const { from = null, to = null } = range ?? {};
  const thinned = series.filter(({ data, readSpan }) => data.isThinned && readSpan !== undefined).length;
  useEffect(() => {
    if (from === null || to === null || thinned === 0) return setRefined(noneRefined);
    const leave = new AbortController();
    const timer = setTimeout(() => {
      refine(series, { from, to }, leave.signal).then(
        (found) => leave.signal.aborted || setRefined(found),
        (error: unknown) => leave.signal.aborted || console.warn('The stretch of a curve could not be read.', error),
      );
    }, restMs);
    return () => {
      clearTimeout(timer);
      leave.abort();
    };
  }, [series, from, to, thinned]);
  return useMemo(
    () => (refined.size === 0 ? series : series.map((line) => ({ ...line, data: refined.get(line) ?? line.data }))),
    [series, refined],
  );
}

const noneRefined: ReadonlyMap<ChartSeries, RefinedSeries> = new Map();

/** Half a width more on each side, so that moving a little shows no coarse edge. */
async function refine(
  series: readonly ChartSeries[],
  { from, to }: StepRange,
  signal: AbortSignal,
): Promise<ReadonlyMap<ChartSeries, RefinedSeries>> {
  const room = (to - from) / 2;
  const span = { from: Math.max(0, Math.floor(from - room)), to: Math.ceil(to + room) };
  const found = await Promise.all(
    series.map(async (line): Promise<[ChartSeries, RefinedSeries][]> => {
      if (line.readSpan === undefined || !line.data.isThinned) return [];
      return [[line, new RefinedSeries(line.data, await line.readSpan(span, signal))]];
    }),
  );
  return new Map(found.flat());
}
