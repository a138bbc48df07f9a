import { ForgeError } from '#contract/errors.ts';
import type { BuildFile } from '#contract/build-file.ts';
import type { ModelVersion } from '#contract/models.ts';
import { digestOf } from '../main-job/build-store.ts';
import type { FileWorkContext } from '../main-job/export-jobs.ts';
import { outputOf } from '../main-job/runner.ts';
import type { MainJobServices, SetUpReport } from '../main-job/services.ts';
import type { StepProgress } from '../main-job/step.ts';
import type { WorkerJobs } from '../main-job/worker-job.ts';

/** What exports share with the steps of a main job. */
export type ExportServices = Pick<
  MainJobServices,
  'clock' | 'detectMachine' | 'ensureEnvironment' | 'layout' | 'llamaLibrary' | 'sharesMachine'
> & { readonly jobs: WorkerJobs };

/** Work on the files of one version, outside its main job. */
export interface VersionWork extends FileWorkContext {
  readonly build: BuildFile;
  readonly view: ModelVersion;
  /** `name:v3`. */
  readonly tag: string;
  readonly services: ExportServices;
  /** The same work with other inputs: jobs of equal inputs are one job. */
  withInputs(inputs: unknown): VersionWork;
}

export interface VersionWorkOptions {
  readonly services: ExportServices;
  readonly signal: AbortSignal;
  readonly report: (progress: StepProgress) => void;
}

export function versionWork(
  { build, view }: { build: BuildFile; view: ModelVersion },
  { services, signal, report }: VersionWorkOptions,
): VersionWork {
  const withInputs = (inputs: unknown): VersionWork => ({
    ...{ build, view, services, signal, report, withInputs },
    tag: `${build.name}:v${build.version}`,
    directory: view.directory,
    output: (step) => outputOf(build, step),
    inputsDigest: digestOf(inputs),
    whenCancelled: 'end',
  });
  return withInputs(null);
}

/** Refuses a version whose training has not come to its end. @throws ForgeError `export.not-trained` */
export function requireTrained({ build, view, tag }: VersionWork): void {
  const { state = 'waiting' } = build.steps.train ?? {};
  if (state !== 'done' && state !== 'reused')
    throw new ForgeError('export.not-trained', { model: tag, state: view.state });
}

/** Makes sure that workers can be started: the environment of this machine's profile. */
export async function requirePython({ services, signal, report }: VersionWork): Promise<void> {
  report({ text: 'looking at Python', fraction: null, job: null });
  const { profile } = await services.detectMachine();
  const tell: SetUpReport = ({ text, fraction }) => report({ text, fraction, job: null });
  await services.ensureEnvironment(profile, { signal, report: tell });
}
