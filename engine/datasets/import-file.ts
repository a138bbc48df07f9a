import { createHash } from 'node:crypto';
import path from 'node:path';
import { importReport, type DatasetVersion, type FoundryJob } from '#contract/dataset-versions.ts';
import type { ColumnMapping } from '#contract/datasets.ts';
import { forgeErrorData } from '#contract/error-data.ts';
import { errorRegistry, ForgeError, type ErrorCode } from '#contract/errors.ts';
import { suggestModelName } from '#contract/main-job.ts';
import type { FetchStep } from '#core/ports/base-model-store.ts';
import type { VersionStore } from '#core/foundry/version-store.ts';
import { checkDatasetFile } from '#native-bridge/files/dataset-source.ts';
import { reservedNames } from '#native-bridge/datasets/store/store-places.ts';
import type { FoundryJobs } from '../foundry/foundry-jobs.ts';

/** A file that is to be learned from. */
export interface FileToImport {
  readonly file: string;
  /** What the version is called; null: as the file. */
  readonly name: string | null;
  readonly mapping: ColumnMapping | undefined;
}

/**
 * Makes a dataset version of a file, so that a training always learns from a version. The same file gives the same version. Null when no record of it
 * became a row.
 * @throws ForgeError dataset.*, foundry.*
 */
export type ImportFile = (order: FileToImport, step: FetchStep) => Promise<DatasetVersion | null>;

export interface ImportFileOptions {
  readonly jobs: Pick<FoundryJobs, 'start' | 'watch' | 'cancel'>;
  readonly versions: Pick<VersionStore, 'read'>;
}

/** Starts of the same import that are looked through for one whose outcome is still there. */
const mostStarts = 100;

/** The dataset's name for a file: `Tickets März.csv` gives `tickets-marz`. */
export function datasetNameOf(file: string): string {
  const name = suggestModelName(path.basename(file).replace(/\.[^.]*$/, ''));
  return reservedNames.has(name) ? `${name}-data` : name;
}

export function createImportFile({ jobs, versions }: ImportFileOptions): ImportFile {
  const start = (order: FileToImport, requestId: string): Promise<FoundryJob> => {
    const { file, mapping = null } = order;
    const name = order.name ?? datasetNameOf(file);
    const facts = { encoding: null, delimiter: null, hasHeader: null, systemPrompt: null };
    const request = { paths: [file], name, mapping, ...facts, domain: null, licence: null, teacher: null };
    return jobs.start({ kind: 'import', name, request, requestId });
  };
  /** Follows a job that runs; an earlier one's outcome is taken when its version is still there, else undefined. */
  const outcomeOf = async (job: FoundryJob, step: FetchStep): Promise<DatasetVersion | null | undefined> => {
    const wasOver = job.state !== 'waiting' && job.state !== 'running' && job.state !== 'paused';
    const ended = wasOver ? job : await follow(jobs, job, step);
    if (ended.state === 'failed' && !wasOver) throw failureOf(ended);
    if (ended.state !== 'done') return undefined;
    const { name, version } = importReport.parse(ended.result);
    if (version === null) return null;
    return versions.read({ name, version }).catch((error: unknown) => {
      if (error instanceof ForgeError && wasOver) return undefined;
      throw error;
    });
  };
  return async (order, step) => {
    const { size, mtimeMs, ino } = await checkDatasetFile(order.file);
    const key = JSON.stringify([order.file, order.name, size, mtimeMs, ino, order.mapping ?? null]);
    const digest = createHash('sha256').update(key).digest('hex');
    for (let count = 0; count < mostStarts; count += 1) {
      step.signal.throwIfAborted();
      const found = await outcomeOf(await start(order, `train-${digest}-${count}`), step);
      if (found !== undefined) return found;
    }
    throw new Error(`the import of ${order.file} was started ${mostStarts} times and came to nothing`);
  };
}

async function follow(jobs: ImportFileOptions['jobs'], job: FoundryJob, step: FetchStep): Promise<FoundryJob> {
  let latest = job;
  const cancel = (): void => void jobs.cancel(job.id).catch(() => undefined);
  step.signal.addEventListener('abort', cancel, { once: true });
  try {
    for await (const now of jobs.watch(job.id)) {
      latest = now;
      const { text, done, total } = now;
      step.report({ text, fraction: total === null || total === 0 ? null : Math.min(1, done / total) });
    }
  } finally {
    step.signal.removeEventListener('abort', cancel);
  }
  step.signal.throwIfAborted();
  return latest;
}

function failureOf({ failure }: FoundryJob): Error {
  const { code, detail, message } = forgeErrorData.parse(failure);
  return isErrorCode(code) ? new ForgeError(code, detail) : new Error(message);
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorRegistry, code);
}
