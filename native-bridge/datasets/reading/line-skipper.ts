import type { CutRecord } from '#core/foundry/record-source.ts';
import { SkippedRecord, type Problem } from './cut-context.ts';
import type { RecordWindow } from './record-window.ts';

/** Drops one record up to a line end without keeping it, over as many windows as it takes. */
export interface LineSkipper {
  isActive(): boolean;
  /** Begins at `window.start`; the first line end that is at least `minimumBytes` away ends the record. */
  begin(window: RecordWindow, problem: Problem, minimumBytes: number): CutRecord | undefined;
  /** The rejected record once its end is found; undefined when the window holds no end of it. */
  goOn(window: RecordWindow): CutRecord | undefined;
}

export function createLineSkipper(): LineSkipper {
  let skipped: SkippedRecord | undefined;
  let remainingBytes = 0;

  function finish(window: RecordWindow, next: number): CutRecord | undefined {
    const record = skipped?.finish();
    skipped = undefined;
    // The line end itself belongs to no record.
    window.advance(next, next > window.start ? 1 : 0);
    return record;
  }

  function consume(window: RecordWindow, to: number): void {
    remainingBytes = Math.max(0, remainingBytes - (to - window.start));
    skipped?.consume(window, to);
  }

  function goOn(window: RecordWindow): CutRecord | undefined {
    const searched = Math.min(window.end, window.start + remainingBytes);
    const end = window.lineEnd(searched);
    const next = end === -1 ? -1 : window.behindLineEnd(end);
    if (next !== -1) {
      consume(window, end);
      return finish(window, next);
    }
    // A CR as the last byte stays: the LF of the same line end may follow.
    consume(window, end === -1 ? window.end : end);
    return window.atEnd ? finish(window, window.end) : undefined;
  }

  return {
    isActive: () => skipped !== undefined,
    begin(window, problem, minimumBytes) {
      skipped = new SkippedRecord(window, problem);
      remainingBytes = minimumBytes;
      return goOn(window);
    },
    goOn,
  };
}
