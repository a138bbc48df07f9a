import type { AttemptSpec, DeviceKind } from '#contract/jobs.ts';
import type { JobRecord } from '#core/jobs/job-record.ts';
import type { AttemptCommand } from '#core/ports/job-host.ts';
import { findNewestCheckpoint } from '#native-bridge/files/newest-checkpoint.ts';
import { attemptDirectory, createAttemptDirectory } from '#native-bridge/files/run-directory.ts';
import { runMarkerName } from '#native-bridge/processes/run-processes.ts';
import { attemptEnvironment } from '#native-bridge/python/worker-environment.ts';

export interface AttemptStarterOptions {
  readonly home: string;
  readonly python: (device: DeviceKind) => AttemptCommand;
  /** Threads of a lone job. */
  readonly threads: number;
}

export interface PreparedAttempt {
  readonly run: string;
  readonly directory: string;
  readonly start: AttemptCommand;
}

/** The name of an attempt in events, specs and between processes. */
export const runName = (jobId: string, attempt: number): string => `${jobId}/${attempt}`;

/** Makes the attempt directory and says how to start its process. Goes on from the newest valid checkpoint. Repeatable. */
export async function prepareAttempt(record: JobRecord, options: AttemptStarterOptions): Promise<PreparedAttempt> {
  const { file, machine } = record;
  const { home, python } = options;
  const directory = attemptDirectory(home, file.job, machine.attempt);
  const spec: AttemptSpec = {
    v: 1,
    run: runName(file.job, machine.attempt),
    job: file.job,
    attempt: machine.attempt,
    kind: file.kind,
    directory,
    device: file.device,
    threads: file.threads ?? options.threads,
    passiveWait: file.passiveWait,
    seed: file.seed,
    resumeFrom: await findNewestCheckpoint(home, file.job, machine.attempt - 1),
    payload: file.payload,
  };
  await createAttemptDirectory(spec);
  const { command, args, env } = python(file.device);
  const { threads, passiveWait, run } = spec;
  const settings = attemptEnvironment(env, runMarkerName, { directory, threads, passiveWait });
  const start = { command, args: [...args, directory], env: { ...settings, ...visibleDevice(machine.lease) } };
  return { run, directory, start };
}

/** A lease on the second graphics card shows the worker that card only. */
function visibleDevice(lease: string | null): Readonly<Record<string, string>> {
  const index = lease?.startsWith('cuda:') ? lease.slice('cuda:'.length) : null;
  return index === null ? {} : { CUDA_VISIBLE_DEVICES: index };
}
