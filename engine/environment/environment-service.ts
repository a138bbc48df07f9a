import type { EnvironmentProfile, EnvironmentProgress, EnvironmentStatus } from '#contract/environments.ts';
import { ForgeError } from '#contract/errors.ts';
import type { DeviceKind } from '#contract/jobs.ts';
import type { PythonEnvironments } from '#core/environments/create-python-environments.ts';
import type { AttemptCommand } from '#core/ports/job-host.ts';
import { progressEvents } from '../progress-events.ts';
import type { Profile, ReadyEnvironment, SetUpReport } from '../main-job/services.ts';

/** Environments as the engine uses them: one set-up at a time, and the command line of a worker without waiting. */
export interface EnvironmentService {
  list(): Promise<EnvironmentStatus[]>;
  ensure(profile: Profile, options: { signal: AbortSignal; report: SetUpReport }): Promise<ReadyEnvironment>;
  /** Progress of a set-up (or of building anew); ends when it is ready. Breaking off cancels it. */
  setUp(
    profile: EnvironmentProfile | null,
    options: { signal: AbortSignal; anew: boolean },
  ): AsyncGenerator<EnvironmentProgress>;
  remove(profile: EnvironmentProfile): Promise<number>;
  /** Takes up the environment an earlier engine made, so that its interrupted jobs can go on. */
  takeUp(): Promise<void>;
  /** How a worker for this device is started. @throws ForgeError `environment.not-ready` */
  workerCommand(device: DeviceKind): AttemptCommand;
}

export interface EnvironmentServiceOptions {
  readonly environments: PythonEnvironments;
  readonly threads: number;
  readonly profileOfMachine: () => Promise<Profile>;
}

const profiles = ['cpu', 'cuda', 'mlx', 'dev'] as const;

export function createEnvironmentService({
  environments,
  threads,
  profileOfMachine,
}: EnvironmentServiceOptions): EnvironmentService {
  const commands = new Map<DeviceKind, AttemptCommand>();
  let current: Profile | null = null;

  /** An environment that trains on a card also runs on the processor. */
  const remember = async (profile: Profile): Promise<void> => {
    const device: DeviceKind = profile;
    for (const wanted of new Set<DeviceKind>([device, 'cpu'])) {
      commands.set(wanted, await environments.workerCommand(profile, { threads, passiveWait: false, device: wanted }));
    }
    current = profile;
  };
  return {
    async list() {
      const first = await profileOfMachine();
      const order = [first, ...profiles.filter((profile) => profile !== first)];
      return Promise.all(order.map((profile) => environments.status(profile)));
    },
    async ensure(profile, { signal, report }) {
      const before = await environments.status(profile);
      const status = await environments.setUp(profile, {
        signal,
        onProgress: ({ text, fraction, state }) => state !== 'skipped' && report({ text, fraction }),
      });
      await remember(profile);
      return { directory: status.directory, versions: status.versions, reused: before.state === 'ready' };
    },
    async *setUp(wanted, { signal, anew }) {
      const profile = wanted ?? (await profileOfMachine());
      const events = progressEvents<EnvironmentProgress, void>(
        signal,
        async ({ signal: ended, report }) => {
          const request = { signal: ended, onProgress: report };
          await (anew ? environments.repair(profile, request) : environments.setUp(profile, request));
        },
        () => new ForgeError('environment.cancelled', { profile, stage: 'set-up' }),
      );
      for await (const event of events) if ('progress' in event) yield event.progress;
      if (profile !== 'dev') await remember(profile);
    },
    remove: (profile) => environments.remove(profile),
    async takeUp() {
      const profile = await profileOfMachine();
      if ((await environments.status(profile)).state === 'ready') await remember(profile);
    },
    workerCommand(device) {
      const command = commands.get(device);
      if (!command) throw new ForgeError('environment.not-ready', { profile: current ?? device, stage: 'uv' });
      return command;
    },
  };
}
