import { environmentStatus, type EnvironmentStatus, type StageStamp } from '#contract/environments.ts';
import { estimateSize } from './profiles.ts';
import type { SetupContext } from './setup-stages.ts';
import type { StageVerdict } from './stage-validity.ts';

/** The status a person sees, from the stamps; no figure is made up, what no stamp says is null. */
export function describeEnvironment(
  context: SetupContext,
  verdicts: readonly StageVerdict[],
  reason: string,
): EnvironmentStatus {
  const output = (stage: StageVerdict['stage']): StageStamp['output'] | null =>
    verdicts.find((verdict) => verdict.stage === stage && verdict.state === 'valid')?.stamp?.output ?? null;
  const uv = output('uv');
  const python = output('interpreter');
  const lock = output('lock');
  const tensor = output('tensor-probe');
  const hasAny = verdicts.some(({ state }) => state !== 'missing');
  const isReady = verdicts.every(({ state, needed }) => !needed || state === 'valid');
  const state = isReady ? 'ready' : hasAny ? 'incomplete' : 'absent';
  return environmentStatus.parse({
    profile: context.profile,
    reason,
    state,
    directory: context.directory,
    lockDigest: context.lockDigest,
    stages: verdicts.map((verdict) => ({
      stage: verdict.stage,
      state: verdict.state,
      finishedAt: verdict.stamp?.finishedAt ?? null,
      seconds: verdict.stamp?.seconds ?? null,
    })),
    uv,
    python,
    torchBuild: lock?.['torchBuild'] ?? null,
    device: tensor,
    versions: output('import-probe')?.['versions'] ?? {},
    training: output('training-probe'),
    sizeBytes: output('install')?.['sizeBytes'] ?? null,
    estimate: lock?.['estimate'] ?? estimateSize(context.profile, context.machine.platform === 'linux'),
  });
}
