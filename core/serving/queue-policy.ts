import type { Admission, QueueLoad } from '../ports/model-server.ts';

/** A client is never told to wait longer than this before the next try. */
const longestRetrySeconds = 60;
/** Assumed duration of an answer while none has been measured. */
const assumedAnswerMs = 2_000;

/** Runs while a sequence is free, then waits up to the limit, then refuses with the time after which a place should be free. */
export function admit(load: QueueLoad): Admission {
  if (load.running < load.maximumSequences) return { kind: 'run' };
  if (load.waiting < load.queueLimit) return { kind: 'wait' };
  const answerMs = load.meanAnswerMs > 0 ? load.meanAnswerMs : assumedAnswerMs;
  // One place in the queue is free as soon as one answer ends; with all sequences busy that takes a share of an answer.
  const seconds = Math.ceil(answerMs / Math.max(1, load.maximumSequences) / 1000);
  return { kind: 'refuse', retryAfterSeconds: Math.min(longestRetrySeconds, Math.max(1, seconds)) };
}

/** 0 after the first crash (most are single), then 1, 2, 4 ... 60 seconds. */
export function restartDelayMs(crashesInARow: number): number {
  return crashesInARow <= 1 ? 0 : Math.min(60_000, 1_000 * 2 ** (crashesInARow - 2));
}

/** A file in memory: its bytes and a fifth more for repacked weights and compute buffers. */
export function memoryNeededBytes(fileBytes: number): number {
  return Math.ceil(fileBytes * 1.2);
}
