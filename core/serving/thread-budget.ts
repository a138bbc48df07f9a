import type { GenerationThreadsInput } from '../ports/model-server.ts';

/** A number of threads with the reason that is shown to a person. */
export interface ThreadDecision {
  readonly threads: number;
  readonly reason: string;
}

/**
 * Threads of the model server. Never more than the physical cores: on 2 cores llama.cpp's own default of 4 spinning threads gives 0.3
 * tokens/s instead of 70. While a training holds the processor the server keeps one core less (training 250 and serving 40 tokens/s
 * together, against 86 and 4.6 with all threads on both sides; both measured on 2 cores).
 */
export function servingThreads(machine: {
  readonly physicalCores: number;
  readonly trainingHoldsProcessor: boolean;
  /** What the person set, if anything. */
  readonly wanted?: number;
}): ThreadDecision {
  const cores = Math.max(1, Math.floor(machine.physicalCores));
  const wanted = machine.wanted === undefined ? cores : Math.max(1, Math.floor(machine.wanted));
  const most = machine.trainingHoldsProcessor ? Math.max(1, cores - 1) : cores;
  const threads = Math.min(wanted, most);
  if (machine.trainingHoldsProcessor && threads < wanted) {
    return { threads, reason: `a training uses the processor: ${threads} of ${cores} cores until it ends` };
  }
  if (threads < wanted) return { threads, reason: `${wanted} were asked for, this machine has ${cores} cores` };
  return { threads, reason: machine.wanted === undefined ? `one for each of the ${cores} cores` : 'set by you' };
}

/** Below this size the work of one token is smaller than the waiting of the threads for each other. */
const smallFileBytes = 500_000_000;

/**
 * Threads for single tokens. A small model leaves one core to the rest of the process: SmolLM2-135M on 2 idle cores gives 107 tokens/s with 1
 * thread and 70 with 2, while prompts gain from both (27 and 16 ms for 38 tokens). This also keeps greedy answers the same when a training begins
 * or ends beside, because llama.cpp splits long attention by threads.
 */
export function generationThreads({ threads, physicalCores, fileBytes }: GenerationThreadsInput): number {
  const most = fileBytes < smallFileBytes ? Math.max(1, Math.floor(physicalCores) - 1) : threads;
  return Math.max(1, Math.min(threads, most));
}
