import type { BuildFile } from '#contract/build-file.ts';
import type { StepOutputs } from '#contract/build-outputs.ts';
import type { Artefact } from '#contract/jobs.ts';
import type { MainJobStep } from '#contract/main-job.ts';
import type { MainJobServices } from './services.ts';

/** What a step says while it works. All of it is shown, none of it is stored. */
export interface StepProgress {
  readonly text?: string;
  readonly fraction?: number | null;
  readonly etaSeconds?: number | null;
  /** The worker job that runs now; its events carry the live curve. */
  readonly job?: string | null;
}

export interface StepContext {
  readonly build: BuildFile;
  /** `models/<name>/v<n>/`. */
  readonly directory: string;
  readonly services: MainJobServices;
  readonly signal: AbortSignal;
  /** Outcome of an earlier step; throws when that step has not been done (a bug in the order). */
  output<S extends MainJobStep>(step: S): StepOutputs[S];
  /** Digest of this step's inputs; part of request ids, so the same work is never started twice. */
  readonly inputsDigest: string;
  report(progress: StepProgress): void;
  /** A remark a person should read at the end (a larger quantisation was needed, a row was cut ...). */
  note(text: string): void;
}

export interface StepOutcome<S extends MainJobStep> {
  readonly output: StepOutputs[S];
  /** Files whose loss or change makes the outcome stale. */
  readonly artefacts: readonly Artefact[];
  /** One line for a person. */
  readonly text: string;
  readonly job?: string | null;
}

/** One arrow of the chain. */
export interface StepDefinition<S extends MainJobStep> {
  readonly step: S;
  /** Shown when the step begins. */
  readonly title: string;
  /** Everything the outcome depends on, as JSON; another digest of it means the step runs again. */
  inputs(context: Omit<StepContext, 'inputsDigest'>): unknown;
  run(context: StepContext): Promise<StepOutcome<S>>;
  /** True when the request leaves the step out. */
  skip?(build: BuildFile): string | null;
}

/** Any step; the runner treats outputs as data and parses them with the step's own schema. */
export type AnyStep = { [S in MainJobStep]: StepDefinition<S> }[MainJobStep];
