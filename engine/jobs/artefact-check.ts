import { isAbsolute } from 'node:path';
import type { JobFailure, ResultFile } from '#contract/jobs.ts';
import type { JobMachineEvent } from '#core/jobs/job-machine.ts';
import type { JobRecord } from '#core/jobs/job-record.ts';
import { attemptDirectory, readResultFile } from '#native-bridge/files/run-directory.ts';
import { verifyArtefacts } from '#native-bridge/files/verify-artefacts.ts';
import { runName } from './attempt-starter.ts';

export type ResultReading =
  { readonly kind: 'right'; readonly result: ResultFile } | { readonly kind: 'wrong'; readonly failure: JobFailure };

/** The third proof of success: result.json is of this run and every file it names is what it says. */
export async function checkArtefacts(home: string, record: JobRecord, signal: AbortSignal): Promise<JobMachineEvent> {
  const reading = await readCheckedResult(home, record, signal);
  return reading.kind === 'right'
    ? { kind: 'artefacts-verified' }
    : { kind: 'artefacts-refused', failure: reading.failure };
}

/** Reads result.json of the present attempt and compares every artefact with its digest. */
export async function readCheckedResult(
  home: string,
  { file, machine }: JobRecord,
  signal: AbortSignal,
): Promise<ResultReading> {
  const directory = attemptDirectory(home, file.job, machine.attempt);
  const read = await readResultFile(directory);
  if (read.kind === 'absent') return wrong('job.result-missing', 'The worker left no result.json.');
  if (read.kind === 'damaged') return wrong('job.result-damaged', `result.json cannot be read: ${read.reason}.`);
  const result = read.value;
  if (result.run !== runName(file.job, machine.attempt)) {
    return wrong('job.result-foreign', `result.json belongs to the run ${result.run}.`);
  }
  const named = absolutePaths(file.payload);
  const problem = await verifyArtefacts(result.artefacts, { directory, named }, signal);
  if (problem === null) return { kind: 'right', result };
  return wrong('job.artefact-mismatch', `The file ${problem.path} is not what the worker wrote: ${problem.reason}.`);
}

function wrong(code: string, message: string): ResultReading {
  const hint = 'Run the job again; if it happens again, check the disk and report it.';
  return { kind: 'wrong', failure: { code, message, hint } };
}

/** The places a payload names: an artefact with an absolute path must lie in one of them. */
function absolutePaths(payload: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.values(payload).filter((value): value is string => typeof value === 'string' && isAbsolute(value));
}
