import type { BuildFile, StepStamp } from '#contract/build-file.ts';
import { stepOutputs, type StepOutputs } from '#contract/build-outputs.ts';
import { ForgeError } from '#contract/errors.ts';
import type { Artefact } from '#contract/jobs.ts';
import type { MainJobStep } from '#contract/main-job.ts';
import { decideReuse, withOpenStep, withStep, type LiveStep } from '#core/main-job/build.ts';
import { differsFrom } from '#native-bridge/files/verify-artefacts.ts';
import { digestOf, type BuildStore } from './build-store.ts';
import type { MainJobServices } from './services.ts';
import { mainJobChain } from './steps/chain.ts';
import type { AnyStep, StepContext, StepOutcome, StepProgress } from './step.ts';

export interface MainJobChange {
  readonly build: BuildFile;
  readonly live: LiveStep | null;
  /** Steps done, reused or skipped in this run. */
  readonly reached: number;
}

export interface RunnerOptions {
  readonly services: MainJobServices;
  readonly store: BuildStore;
  readonly signal: AbortSignal;
  /** Called at each change of the stored state and of the live progress. */
  readonly onChange: (change: MainJobChange) => void;
  /** Default: the whole chain. */
  readonly chain?: readonly AnyStep[];
}

/**
 * Runs the chain of a build from its first open step to the end. Each finished step is stored with the digest of its inputs and its
 * files before the next begins, so a kill at any moment costs at most the step that ran.
 */
export async function runMainJob(build: BuildFile, options: RunnerOptions): Promise<BuildFile> {
  let current: BuildFile = { ...build, state: 'running', failure: null, notes: [] };
  await options.store.save(current);
  options.onChange({ build: current, live: null, reached: 0 });
  const { chain = mainJobChain } = options;
  for (const [index, step] of chain.entries()) {
    options.signal.throwIfAborted();
    current = await runStep(step, current, { ...options, reached: index });
    await options.store.save(current);
    options.onChange({ build: current, live: null, reached: index + 1 });
  }
  current = { ...current, state: 'succeeded', updatedAt: options.services.clock.nowMs() };
  await options.store.save(current);
  options.onChange({ build: current, live: null, reached: chain.length });
  return current;
}

interface StepOptions extends RunnerOptions {
  readonly reached: number;
}

async function runStep(step: AnyStep, build: BuildFile, options: StepOptions): Promise<BuildFile> {
  const { clock } = options.services;
  const left = step.skip?.(build) ?? null;
  if (left !== null)
    return withStep(build, step.step, {
      stamp: stampOf({ state: 'skipped', text: left, now: clock.nowMs() }),
      now: clock.nowMs(),
    });
  const notes: string[] = [];
  const context = contextOf(build, options, notes);
  const inputsDigest = digestOf(step.inputs(context));
  const earlier = build.steps[step.step];
  const artefactsIntact = earlier !== undefined && (await areIntact(earlier.artefacts));
  if (
    decideReuse({ step: step.step, stamp: earlier, inputsDigest, artefactsIntact }).reuse &&
    earlier &&
    isOutput(step.step, earlier.output)
  ) {
    return withStep(build, step.step, { stamp: { ...earlier, state: 'reused' }, now: clock.nowMs() });
  }
  const started = clock.monotonicMs();
  const live = liveReporter(step, { build, options, started });
  live.report({ text: step.title });
  // The union of steps is narrowed by `step.step`, which the type system cannot follow through the table.
  const outcome = (await step
    .run({ ...context, inputsDigest, report: live.report } as StepContext)
    .finally(() => live.kept())) as StepOutcome<MainJobStep>;
  const stamp: StepStamp = {
    state: 'done',
    inputsDigest,
    text: outcome.text,
    seconds: (clock.monotonicMs() - started) / 1000,
    finishedAt: clock.nowMs(),
    job: outcome.job ?? null,
    output: outcome.output,
    artefacts: [...outcome.artefacts],
  };
  return withStep({ ...build, notes: [...build.notes, ...notes] }, step.step, { stamp, now: clock.nowMs() });
}

function stampOf({ state, text, now }: { state: StepStamp['state']; text: string; now: number }): StepStamp {
  return { state, inputsDigest: '', text, seconds: 0, finishedAt: now, job: null, output: null, artefacts: [] };
}

function contextOf(build: BuildFile, options: RunnerOptions, notes: string[]): Omit<StepContext, 'inputsDigest'> {
  return {
    build,
    directory: options.store.directory(build),
    services: options.services,
    signal: options.signal,
    output: (step) => outputOf(build, step),
    report: () => undefined,
    note: (text) => void notes.push(text),
  };
}

/** The outcome of an earlier step, parsed: `build.json` is a file a person can edit. */
export function outputOf<S extends MainJobStep>(build: BuildFile, step: S): StepOutputs[S] {
  const stamp = build.steps[step];
  if (stamp === undefined || (stamp.state !== 'done' && stamp.state !== 'reused')) {
    throw new ForgeError('engine.bad-input', {
      reason: `the step ${step} of ${build.name} v${build.version} has not been done`,
    });
  }
  return stepOutputs[step].parse(stamp.output) as StepOutputs[S];
}

function isOutput(step: MainJobStep, output: unknown): boolean {
  return stepOutputs[step].safeParse(output).success;
}

async function areIntact(artefacts: readonly Artefact[]): Promise<boolean> {
  for (const artefact of artefacts) {
    if ((await differsFrom(artefact.path, artefact)) !== null) return false;
  }
  return true;
}

interface LiveReporter {
  readonly report: (progress: StepProgress) => void;
  /** Resolves when nothing of it is being written any more. */
  readonly kept: () => Promise<void>;
}

/**
 * Tells how far a step is. As soon as it runs a worker job, the build on disk names it: whatever ends the step, its curves and its log are
 * found again.
 */
function liveReporter(
  step: AnyStep,
  { build, options, started }: { build: BuildFile; options: StepOptions; started: number },
): LiveReporter {
  const { clock, logger } = options.services;
  let latest: Omit<LiveStep, 'seconds'> = {
    step: step.step,
    text: step.title,
    fraction: null,
    etaSeconds: null,
    job: null,
  };
  let keeping = Promise.resolve();
  const keep = (open: BuildFile): void => {
    keeping = keeping
      .then(() => options.store.save(open))
      .catch((error: unknown) => logger.error({ error: String(error), build: build.id }, 'the open step is not kept'));
  };
  return {
    report(progress) {
      const isNewJob = progress.job != null && progress.job !== latest.job;
      latest = { ...latest, ...progress };
      const live = { ...latest, seconds: (clock.monotonicMs() - started) / 1000 };
      if (isNewJob) keep(withOpenStep(build, live, { state: 'interrupted', now: clock.nowMs() }));
      options.onChange({ build, live, reached: options.reached });
    },
    kept: () => keeping,
  };
}
