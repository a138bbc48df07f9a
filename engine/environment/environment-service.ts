import { existsSync } from 'node:fs';
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
  /** Bytes freed. @throws ForgeError `environment.busy` while it is being set up */
  remove(profile: EnvironmentProfile): Promise<number>;
  /** True for the one that workers start from; null stands for that one, if there is any. */
  isTakenUp(profile: EnvironmentProfile | null): boolean;
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
  const stopping = new Map<EnvironmentProfile, Promise<void>>();
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
      const events = bringUp({ environments, stopping }, { profile, anew }, signal);
      for await (const event of events) if ('progress' in event) yield event.progress;
      if (profile !== 'dev') await remember(profile);
    },
    async remove(profile) {
      await stopping.get(profile);
      return environments.remove(profile);
    },
    isTakenUp: (profile) => current !== null && (profile ?? current) === current,
    async takeUp() {
      const profile = await profileOfMachine();
      if ((await environments.status(profile)).state === 'ready') await remember(profile);
    },
    workerCommand(device) {
      const command = commands.get(device);
      // It may have been removed since, also by cleaning the disk.
      if (!command || !existsSync(command.command))
        throw new ForgeError('environment.not-ready', { profile: current ?? device, stage: 'uv' });
      return command;
    },
  };
}

interface SetUps {
  readonly environments: PythonEnvironments;
  readonly stopping: Map<EnvironmentProfile, Promise<void>>;
}

/** A set-up, or building anew, as a stream. Whoever stops and goes on at once meets the old installer while it still ends, and waits for it. */
function bringUp(
  { environments, stopping }: SetUps,
  { profile, anew }: { readonly profile: EnvironmentProfile; readonly anew: boolean },
  signal: AbortSignal,
): ReturnType<typeof progressEvents<EnvironmentProgress, void>> {
  return progressEvents<EnvironmentProgress, void>(
    signal,
    async ({ signal: ended, report }) => {
      await stopping.get(profile);
      const request = { signal: ended, onProgress: report };
      const work = anew ? environments.repair(profile, request) : environments.setUp(profile, request);
      ended.addEventListener('abort', () => noteStopping(stopping, profile, work), { once: true });
      await work;
    },
    () => new ForgeError('environment.cancelled', { profile, stage: 'set-up' }),
  );
}

/** Kept until the stopped work has let go of its folder. */
function noteStopping(
  stopping: Map<EnvironmentProfile, Promise<void>>,
  profile: EnvironmentProfile,
  work: Promise<unknown>,
): void {
  const over = work.then(
    () => undefined,
    () => undefined,
  );
  stopping.set(profile, over);
  void over.then(() => stopping.get(profile) === over && stopping.delete(profile));
}
