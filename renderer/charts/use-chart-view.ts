import { useCallback, useSyncExternalStore } from 'react';
import { createChartMemory, type ChartMemory, type ChartView } from './chart-memory.ts';

let memory: ChartMemory | null = null;

/** One for the window, read from its storage at the first chart. */
function windowMemory(): ChartMemory {
  memory ??= createChartMemory(localStorage);
  return memory;
}

/** How this kind of chart is shown, and how to change it; every chart of the kind follows. */
export function useChartView(kind: string): readonly [ChartView, (change: Partial<ChartView>) => void] {
  const view = useSyncExternalStore(
    useCallback((listener: () => void) => windowMemory().onChange(listener), []),
    () => windowMemory().view(kind),
  );
  const change = useCallback((next: Partial<ChartView>) => windowMemory().remember(kind, next), [kind]);
  return [view, change];
}
