import type { EnvironmentProgress, EnvironmentStage } from '#contract/environments.ts';
import { ForgeError } from '#contract/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import { setupStages, type SetupContext, type SetupStage, type Stamps } from './setup-stages.ts';
import { judgeStages, readValidStamps } from './stage-validity.ts';

export interface SetupRequest {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: EnvironmentProgress) => void;
}

export interface StageRunOptions {
  readonly clock: Clock;
  readonly isOffline: () => boolean;
}

/** Runs the stages without a valid stamp, in order; each leaves its stamp when it is done. */
export async function runStages(context: SetupContext, options: StageRunOptions, request: SetupRequest): Promise<void> {
  const { profile } = context;
  const judged = await judgeStages(context);
  const isReady = judged.every(({ state, needed }) => !needed || state === 'valid');
  let before = 0;
  for (const stage of setupStages) {
    const stamps = await readValidStamps(context);
    const tell = (state: EnvironmentProgress['state'], text: string, fraction: number | null): void =>
      request.onProgress({
        profile,
        stage: stage.name,
        state,
        fraction: fraction === null ? null : Math.min(1, before + stage.share * fraction),
        text,
      });
    if (isReady || stamps.has(stage.name)) tell('skipped', 'already done', 1);
    else await runStage({ context, options, request, stage, stamps, tell });
    before += stage.share;
  }
}

interface StageRun {
  readonly context: SetupContext;
  readonly options: StageRunOptions;
  readonly request: SetupRequest;
  readonly stage: SetupStage;
  readonly stamps: Stamps;
  readonly tell: (state: EnvironmentProgress['state'], text: string, fraction: number | null) => void;
}

async function runStage({ context, options, request, stage, stamps, tell }: StageRun): Promise<void> {
  const { profile, toolbox, directory } = context;
  const inputs = stage.inputs(context, stamps);
  if (inputs === null) throw new Error(`stage ${stage.name} was reached before what it builds on`);
  const startedMs = options.clock.monotonicMs();
  const refuseIfCancelled = (): void => {
    if (request.signal.aborted) throw new ForgeError('environment.cancelled', { profile, stage: stage.name });
  };
  refuseIfCancelled();
  tell('running', stageTexts[stage.name], 0);
  try {
    const report = (text: string, fraction: number | null): void => tell('running', text, fraction);
    const output = await stage.run(context, stamps, { signal: request.signal, offline: options.isOffline(), report });
    refuseIfCancelled();
    const seconds = (options.clock.monotonicMs() - startedMs) / 1000;
    const inputsDigest = toolbox.digest(JSON.stringify(inputs));
    await toolbox.writeStamp(directory, {
      v: 1,
      stage: stage.name,
      inputsDigest,
      finishedAt: options.clock.nowMs(),
      seconds,
      output,
    });
    tell('done', `${stageTexts[stage.name]}: done in ${seconds.toFixed(1)} s`, 1);
  } catch (error) {
    refuseIfCancelled();
    tell(
      'failed',
      error instanceof ForgeError ? `${error.message} ${error.remedy}` : `${stageTexts[stage.name]} failed`,
      null,
    );
    throw error;
  }
}

const stageTexts: Readonly<Record<EnvironmentStage, string>> = {
  uv: 'finding the package installer (uv)',
  interpreter: 'finding Python',
  lock: 'reading the list of packages and their sizes',
  install: 'downloading and installing packages',
  'import-probe': 'starting Python with all packages',
  'tensor-probe': 'calculating on the device',
  'training-probe': 'training for ten steps',
};
