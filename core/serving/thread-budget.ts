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
