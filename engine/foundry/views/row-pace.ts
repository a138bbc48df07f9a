import type { WorkContext } from '../work-context.ts';

export interface RowPace {
  /** To be called for every row: mostly gives nothing, every 50 ms a promise that lets the thread hear what is wished. */
  rowDone(rows: number): Promise<void> | undefined;
  /** The same between pieces of work that are no rows. */
  piece(): Promise<void> | undefined;
  seconds(): number;
}

const breatheMs = 50;
/** The clock is looked at every so many rows. */
const rowsPerLook = 16;

/** Keeps a pass over rows able to stop within a moment, and tells how it goes. @param total rows of all passes */
export function createRowPace(context: WorkContext, total: number, words: (rows: number) => string): RowPace {
  const startMs = performance.now();
  let [breathedMs, rowsNow] = [startMs, 0];
  const seconds = (): number => (performance.now() - startMs) / 1000;
  const breathe = (): Promise<void> | undefined => {
    const nowMs = performance.now();
    if (nowMs - breathedMs < breatheMs) return undefined;
    breathedMs = nowMs;
    const rate = rowsNow / Math.max(seconds(), 0.001);
    const isKnown = seconds() > 0.5 && rowsNow > 0;
    context.report({
      text: words(rowsNow),
      done: Math.min(rowsNow, total),
      total,
      rowsPerSecond: isKnown ? Math.round(rate) : null,
      secondsLeft: isKnown ? Math.max(0, total - rowsNow) / rate : null,
    });
    return context.breathe();
  };
  return {
    rowDone(rows) {
      rowsNow = rows;
      return rows % rowsPerLook === 0 ? breathe() : undefined;
    },
    piece: breathe,
    seconds: () => Math.round(seconds() * 1000) / 1000,
  };
}
