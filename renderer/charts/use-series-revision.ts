import { useEffect, useState } from 'react';
import { onDrawTick } from './draw-clock.ts';
import type { DrawnSeries } from './live-series.ts';

/** Renders again when one of the series has changed, at most once a second: for words and tables beside the canvas. */
export function useSeriesRevision(all: readonly DrawnSeries[], everyMs = 1_000): string {
  const [revision, setRevision] = useState(() => revisionOf(all));
  useEffect(() => {
    let last = 0;
    const look = (): boolean => {
      const now = performance.now();
      if (now - last < everyMs) return false;
      last = now;
      setRevision(revisionOf(all));
      return false;
    };
    look();
    return onDrawTick(look);
  }, [all, everyMs]);
  // The first values are shown with the page, not a moment after it: nothing jumps.
  return isNothing(revision) ? revisionOf(all) : revision;
}

function isNothing(revision: string): boolean {
  return /^[0,]*$/.test(revision);
}

function revisionOf(all: readonly DrawnSeries[]): string {
  return all.map(({ revision }) => revision).join();
}
