/** How smoothly the window was drawn since `start`; milliseconds. */
export interface FrameSummary {
  readonly seconds: number;
  readonly frames: number;
  readonly framesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
  /** Tasks of more than 50 ms. */
  readonly longTasks: number;
}

const mostFrames = 60_000;

/** Gaps between frames, summed up. */
export function frameSummary(gapsMs: readonly number[], longTasks: number): FrameSummary {
  const sorted = gapsMs.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const seconds = sorted.reduce((sum, gap) => sum + gap, 0) / 1_000;
  return {
    seconds,
    frames: sorted.length,
    framesPerSecond: seconds === 0 ? 0 : sorted.length / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    worstMs: sorted.at(-1) ?? 0,
    longTasks,
  };
}

export interface FrameMeter {
  summary(): FrameSummary;
  reset(): void;
  stop(): void;
}

/** Watches every frame until it is stopped. */
export function watchFrames(): FrameMeter {
  let gapsMs: number[] = [];
  let longTasks = 0;
  let last: number | null = null;
  let frame = 0;
  const onFrame = (time: number): void => {
    if (last !== null && gapsMs.length < mostFrames) gapsMs.push(time - last);
    last = time;
    frame = requestAnimationFrame(onFrame);
  };
  frame = requestAnimationFrame(onFrame);
  const observer = new PerformanceObserver((list) => (longTasks += list.getEntries().length));
  if (PerformanceObserver.supportedEntryTypes.includes('longtask')) observer.observe({ type: 'longtask' });
  return {
    summary: () => frameSummary(gapsMs, longTasks),
    reset() {
      gapsMs = [];
      longTasks = 0;
    },
    stop() {
      cancelAnimationFrame(frame);
      observer.disconnect();
    },
  };
}
