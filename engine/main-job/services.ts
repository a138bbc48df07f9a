import type { MachineFinding } from '#contract/hardware.ts';
import type { ServedModel } from '#contract/serving.ts';
import type { ObtainedBaseModel } from '#core/base-models/create-base-model-store.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Logger } from '#core/ports/logger.ts';
import type { ModelServer } from '#core/ports/model-server.ts';
import type { DatasetReadings } from '../datasets/dataset-readings.ts';
import type { ImportFile } from '../datasets/import-file.ts';
import type { HomeLayout } from '../home-layout.ts';
import type { JobService } from '../jobs/job-service.ts';

export type Profile = 'cuda' | 'mlx' | 'cpu';

/** How a long set-up tells where it is. */
export type SetUpReport = (progress: { text: string; fraction: number | null }) => void;

export interface ReadyEnvironment {
  readonly directory: string;
  readonly versions: Readonly<Record<string, string>>;
  /** True when nothing had to be installed. */
  readonly reused: boolean;
}

export interface OllamaOutcome {
  readonly used: boolean;
  readonly version: string | null;
  readonly reason: string;
  readonly names: readonly string[];
}

export interface OllamaTarget {
  readonly name: string;
  readonly version: number;
  readonly ggufPath: string;
  readonly contextTokens: number;
  /** At most 10 held-out conversations; both sides must answer them equally. */
  readonly prompts: readonly (readonly { role: 'system' | 'user' | 'assistant'; content: string }[])[];
}

/** All that the steps of a main job may touch, each behind a small door; put together in `engine/compose.ts`. */
export interface MainJobServices {
  readonly layout: HomeLayout;
  /** The folder of the application itself: shipped dataset, domain packs. */
  readonly appDirectory: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly jobs: JobService;
  /** Reads a large dataset in a thread of its own, and not again what the wizard has just read. */
  readonly readings: Pick<DatasetReadings, 'read'>;
  /** Makes a dataset version of a file. */
  readonly importFile: ImportFile;
  readonly server: ModelServer;
  /** Full path of the libllama that serves. */
  llamaLibrary(): string;
  detectMachine(): Promise<MachineFinding>;
  ensureEnvironment(profile: Profile, options: { signal: AbortSignal; report: SetUpReport }): Promise<ReadyEnvironment>;
  /** Refuses a base model that nobody knows or that is not one, without fetching anything. @throws ForgeError base-model.* */
  checkBase(idOrPath: string): Promise<void>;
  obtainBase(idOrPath: string, options: { signal: AbortSignal; report: SetUpReport }): Promise<ObtainedBaseModel>;
  deployToOllama(target: OllamaTarget, options: { signal: AbortSignal; report: SetUpReport }): Promise<OllamaOutcome>;
  /** Makes a version available under `name:v<n>` and `name:latest`. */
  addServedModel(models: readonly ServedModel[]): Promise<void>;
  /** Proves that the server can be started later. @throws ForgeError `engine.port-taken`, `engine.not-loopback` */
  checkServer(): Promise<void>;
  /** Starts the OpenAI-compatible server when it does not run; the base address, ending in /v1. */
  startServer(): Promise<string>;
  /** Asks through that address, as any client would. */
  askServer(
    url: string,
    request: { model: string; messages: readonly { role: string; content: string }[]; maximumTokens: number },
  ): Promise<string>;
  /** True when a server or a second worker may compute beside a training (passive waiting, fewer threads). */
  sharesMachine(): boolean;
}
