import type { EnvironmentStage, StageStamp } from '#contract/environments.ts';
import { setupStages, type SetupContext, type Stamps } from './setup-stages.ts';

export interface StageVerdict {
  readonly stage: EnvironmentStage;
  readonly state: 'valid' | 'missing' | 'stale';
  /** False for stages only a set-up needs: an environment works without the uv and the package lists that made it. */
  readonly needed: boolean;
  readonly stamp: StageStamp | null;
}

const onlyForSetup: readonly EnvironmentStage[] = ['uv', 'interpreter'];

/** Judges every stage by its stamp, its inputs' digest and what is on the disk, in order. */
export async function judgeStages(context: SetupContext): Promise<readonly StageVerdict[]> {
  const { toolbox, directory } = context;
  const all: Stamps = new Map((await toolbox.readStamps(directory)).map((stamp) => [stamp.stage, stamp]));
  const verdicts: StageVerdict[] = [];
  for (const { name, inputs, isStillThere } of setupStages) {
    const stamp = all.get(name) ?? null;
    const now = stamp === null ? null : inputs(context, all);
    const isCurrent = stamp !== null && now !== null && toolbox.digest(JSON.stringify(now)) === stamp.inputsDigest;
    const isThere = isCurrent && (await (isStillThere?.(context, stamp.output) ?? true));
    const state = stamp === null ? 'missing' : isThere ? 'valid' : 'stale';
    verdicts.push({ stage: name, state, needed: !onlyForSetup.includes(name), stamp });
  }
  return verdicts;
}

/** The stamps a next stage may build on. */
export async function readValidStamps(context: SetupContext): Promise<Stamps> {
  const valid = (await judgeStages(context)).filter(({ state }) => state === 'valid');
  return new Map(valid.flatMap(({ stage, stamp }) => (stamp ? [[stage, stamp] as const] : [])));
}
