/** How a person wishes to see one kind of chart. */
export interface ChartView {
  readonly isLog: boolean;
  /** 0 (as measured) to 0.99. */
  readonly smoothing: number;
  /** Steps at the edges after zooming; null shows everything there is. */
  readonly range: { readonly from: number; readonly to: number } | null;
}

export interface ChartMemory {
  view(kind: string): ChartView;
  remember(kind: string, change: Partial<ChartView>): void;
  /** Called after each change; returns how to stop. */
  onChange(listener: () => void): () => void;
}

/** The part of `localStorage` that is used. */
export interface ViewStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export const wholeView: ChartView = { isLog: false, smoothing: 0, range: null };

const key = 'forge.charts';
const mostKinds = 50;

/** Views by kind of chart, kept over restarts. What cannot be read is forgotten; what cannot be kept holds until the window closes. */
export function createChartMemory(storage: ViewStorage): ChartMemory {
  const views = new Map<string, ChartView>(readViews(storage));
  const listeners = new Set<() => void>();
  return {
    view: (kind) => views.get(kind) ?? wholeView,
    remember(kind, change) {
      const view = { ...(views.get(kind) ?? wholeView), ...change };
      views.delete(kind);
      views.set(kind, view);
      const kept = [...views].slice(-mostKinds);
      try {
        storage.setItem(key, JSON.stringify(Object.fromEntries(kept)));
      } catch (error) {
        console.warn('How the charts are shown could not be kept.', error);
      }
      for (const listener of listeners) listener();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function readViews(storage: ViewStorage): [string, ChartView][] {
  try {
    const stored: unknown = JSON.parse(storage.getItem(key) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return [];
    return Object.entries(stored).map(([kind, view]) => [kind, viewOf(view)]);
  } catch (error) {
    console.warn('How the charts were shown could not be read.', error);
    return [];
  }
}

function viewOf(stored: unknown): ChartView {
  if (typeof stored !== 'object' || stored === null) return wholeView;
  const { isLog, smoothing, range } = stored as Partial<Record<keyof ChartView, unknown>>;
  return {
    isLog: isLog === true,
    smoothing: typeof smoothing === 'number' && smoothing >= 0 && smoothing <= 0.99 ? smoothing : 0,
    range: rangeOf(range),
  };
}

function rangeOf(stored: unknown): ChartView['range'] {
  if (typeof stored !== 'object' || stored === null) return null;
  const { from, to } = stored as { readonly from?: unknown; readonly to?: unknown };
  return typeof from === 'number' && typeof to === 'number' && from < to ? { from, to } : null;
}
