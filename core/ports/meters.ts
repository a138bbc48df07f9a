import type { MeterReading } from '#contract/hardware.ts';

/** Reads the machine's meters. */
export interface Meters {
  /**
   * One reading, within 1 s whatever hangs; what cannot be told is null, or as it was in the reading before.
   * @param workerPids the first process of each worker that runs; their descendants count as well
   */
  read(workerPids: readonly number[]): Promise<MeterReading>;
}
