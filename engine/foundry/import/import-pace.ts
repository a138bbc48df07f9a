import { say } from '#contract/sentences.ts';
import type { ImportState } from './import-state.ts';
import type { Reading } from './read-files.ts';

/** Reading is this share of the work by its time; the rest is finding repeats and making the index. */
export const readingShare = 0.7;

/** Keeps the time of an import: how fast it goes, how long it still takes, when to make the next checkpoint. */
export interface ImportPace {
  isCheckpointDue(seen: number, every: number): boolean;
  /** @param byteOffset place in the file that is read; null where it says nothing about the file on the disk */
  report(reading: Reading, byteOffset: number | null): void;
  /** Time and memory so far, pauses left out. */
  worked(): Pick<ImportState, 'workedMs' | 'peakBytes'>;
}

const sampleMs = 250;

export function createImportPace(state: ImportState, nowMs: () => number = () => performance.now()): ImportPace {
  const startMs = nowMs();
  const [before, seenBefore] = [state.workedMs, state.seen];
  let [checkpointAt, peakBytes, sampledMs] = [state.seen, state.peakBytes, -Infinity];

  function sample(): void {
    if (nowMs() - sampledMs < sampleMs) return;
    sampledMs = nowMs();
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  }

  return {
    isCheckpointDue(seen, every) {
      if (seen - checkpointAt < every) return false;
      checkpointAt = seen;
      return true;
    },
    report({ plan, state: now, context }, byteOffset) {
      sample();
      const total = plan.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      const read = Math.min(total, now.bytesBefore + (byteOffset ?? 0));
      const seconds = (nowMs() - startMs) / 1000;
      const rowsPerSecond = seconds < 0.5 ? null : Math.round((now.seen - seenBefore) / seconds);
      const fraction = total === 0 ? 0 : (read / total) * readingShare;
      const worked = before / 1000 + seconds;
      const secondsLeft =
        byteOffset === null || fraction < 0.01 || seconds < 1 ? null : (worked * (1 - fraction)) / fraction;
      const text = say('dataset.import-reading', { seen: now.seen, rejected: now.rejected });
      context.report({ text, done: Math.round(read * readingShare), total, rowsPerSecond, secondsLeft });
    },
    worked() {
      sample();
      return { workedMs: before + nowMs() - startMs, peakBytes };
    },
  };
}
