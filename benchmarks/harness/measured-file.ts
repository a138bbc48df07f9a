import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { figure } from './benchmark.ts';

/** The machine a figure belongs to. */
export const machineDescription = z.object({
  processor: z.string(),
  cores: z.number().int().positive(),
  memoryBytes: z.number().positive(),
  system: z.string(),
  node: z.string(),
});
export type MachineDescription = z.infer<typeof machineDescription>;

/** The newest run of one benchmark. */
export const measurement = z.object({
  benchmark: z.string(),
  /** ISO date and time at which the run began. */
  date: z.string(),
  commit: z.string(),
  command: z.string(),
  machine: machineDescription,
  /** Load average over one minute just before the run: above about 0.5 the machine was not quiet. */
  loadBefore: z.number().nonnegative(),
  seconds: z.number().nonnegative(),
  figures: z.array(figure),
  /** Why nothing could be measured; null when it could. */
  obstacle: z.string().nullable(),
});
export type Measurement = z.infer<typeof measurement>;

export const measuredFile = z.object({ v: z.literal(1), measurements: z.array(measurement) });
export type MeasuredFile = z.infer<typeof measuredFile>;

/** Reads the file; an absent one has no measurements. Throws when it is damaged: figures are not thrown away silently. */
export async function readMeasured(file: string): Promise<MeasuredFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { v: 1, measurements: [] };
    throw error;
  }
  return measuredFile.parse(JSON.parse(text));
}

/**
 * Puts new measurements in the place of older ones of the same benchmark. A run that met an obstacle never pushes figures out: they stay
 * true for the machine they name.
 */
export function mergeMeasured(before: MeasuredFile, added: readonly Measurement[]): MeasuredFile {
  const kept = new Map(before.measurements.map((each) => [each.benchmark, each]));
  for (const each of added) {
    const older = kept.get(each.benchmark);
    if (each.obstacle !== null && older !== undefined && older.figures.length > 0) continue;
    kept.set(each.benchmark, each);
  }
  const measurements = [...kept.values()].toSorted((one, other) => one.benchmark.localeCompare(other.benchmark));
  return { v: 1, measurements };
}

/** Temp file and rename: a reader never sees half a file. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const temporary = `${file}.part-${process.pid}`;
  await writeFile(temporary, text);
  await rename(temporary, file);
}
