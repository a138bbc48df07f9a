import type { EngineStatus } from '#contract/client.ts';
import type { EnvironmentStatus } from '#contract/environments.ts';
import type { MachineFinding } from '#contract/hardware.ts';

export interface ReportFacts {
  readonly status: EngineStatus;
  /** `desktop` or `browser`, and its version. */
  readonly window: string;
  readonly finding: MachineFinding | null;
  readonly environments: readonly EnvironmentStatus[];
  /** Unix time, ms. */
  readonly now: number;
}

/** What helps with a bug report: no key, no path, no name of a person, a file or a model. */
export function bugReport({ status, window, finding, environments, now }: ReportFacts): string {
  const ready = environments.filter(({ state }) => state !== 'absent');
  return [
    `Forge ${status.version}, protocol ${status.protocol}`,
    `window: ${window}`,
    `engine: process ${status.pid}, up ${Math.max(0, Math.round((now - status.startedAt) / 1000))} s, ${Math.round(status.memoryBytes / 1e6)} MB`,
    ...(finding === null ? [] : [`machine: ${finding.summary}`, `profile: ${finding.profile} (${finding.reason})`]),
    ...(finding?.warnings ?? []).map((warning) => `warning: ${warning}`),
    ...ready.map(
      (environment) => `environment ${environment.profile}: ${environment.state}, ${versionsOf(environment)}`,
    ),
  ].join('\n');
}

function versionsOf({ python, torchBuild, versions }: EnvironmentStatus): string {
  const packages = Object.entries(versions)
    .filter(([name]) => ['torch', 'transformers', 'mlx'].includes(name))
    .map(([name, version]) => `${name} ${version}`);
  return [
    python === null ? 'no Python' : `Python ${python.version}`,
    ...(torchBuild === null ? [] : [torchBuild]),
    ...packages,
  ].join(', ');
}
