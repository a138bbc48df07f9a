import path from 'node:path';
import type { StepOutputs } from '#contract/build-outputs.ts';
import type { DatasetVersion } from '#contract/dataset-versions.ts';
import type { DatasetReport } from '#contract/datasets.ts';
import { ForgeError } from '#contract/errors.ts';
import type { FetchStep } from '#core/ports/base-model-store.ts';
import { rowsFileName, versionFolder } from '#native-bridge/datasets/store/store-places.ts';
import type { DataChoice } from '../datasets/data-choice.ts';
import type { DatasetReading } from '../datasets/dataset-readings.ts';
import { versionBeside } from '../datasets/version-rows.ts';
import type { MainJobServices } from './services.ts';

export interface VersionReading {
  readonly reading: DatasetReading;
  /** Null where an older reader had to be asked. */
  readonly version: StepOutputs['dataset']['version'] | null;
  /** What became of the file's records, those included that its import rejected or merged. */
  readonly report: DatasetReport;
}

export interface ReadVersionOptions {
  readonly services: Pick<MainJobServices, 'readings' | 'importFile' | 'layout'>;
  readonly step: FetchStep;
}

/**
 * The rows of a choice as every training has them: from a dataset version. A file that is none becomes one first, and the same file always the same one.
 * @throws ForgeError dataset.*, foundry.*
 */
export async function readVersionOf(choice: DataChoice, options: ReadVersionOptions): Promise<VersionReading> {
  const { services, step } = options;
  const known = await versionBeside(choice.file);
  if (known !== null) {
    const reading = await services.readings.read(choice, step.signal);
    return { reading, version: referenceOf(known), report: reading.read.report };
  }
  try {
    const { file, mapping } = choice;
    const made = await services.importFile({ file, name: null, mapping }, step);
    if (made !== null) return await readMade(made, choice, options);
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    // What is wrong with a file is said in its own words: its columns and lines, not those of its version.
    await services.readings.read(choice, step.signal);
    throw error;
  }
  const reading = await services.readings.read(choice, step.signal);
  return { reading, version: null, report: reading.read.report };
}

async function readMade(
  made: DatasetVersion,
  choice: DataChoice,
  { services, step }: ReadVersionOptions,
): Promise<VersionReading> {
  const file = path.join(versionFolder(services.layout, made), rowsFileName);
  const reading = await services.readings.read({ ...choice, file, mapping: undefined }, step.signal);
  return { reading, version: referenceOf(made), report: withImport(reading.read.report, made) };
}

function referenceOf({ name, version, digest }: DatasetVersion): NonNullable<VersionReading['version']> {
  return { name, version, digest };
}

/** The report of the rows with what the import of the file left out: nothing is lost between the two. */
function withImport(report: DatasetReport, { seen, rejected, merged, warnings }: DatasetVersion): DatasetReport {
  return {
    ...report,
    seen,
    duplicates: report.duplicates + merged,
    rejected: { ...report.rejected, total: report.rejected.total + rejected },
    warnings: [...new Set([...warnings, ...report.warnings])],
  };
}
