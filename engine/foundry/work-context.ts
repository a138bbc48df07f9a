import type { RowTexts, VersionStore } from '#core/foundry/version-store.ts';
import type { StoreFolders } from '#native-bridge/datasets/store/store-places.ts';
import type { JobProgress } from './job-protocol.ts';

/** Thrown by work that stops because it was wished; everything it needs to go on is written down by then. */
export class WorkStopped extends Error {
  constructor() {
    super('the work was stopped');
    this.name = 'WorkStopped';
  }
}

/** What every kind of work finds around it. */
export interface WorkContext {
  /** Its own files; they outlive a pause and a kill of the engine, and go when the job ends. */
  readonly folder: string;
  readonly folders: StoreFolders;
  readonly store: VersionStore;
  readonly texts: RowTexts;
  /** When the job was first started, Unix milliseconds; stays over pauses. */
  readonly startedAt: number;
  /** Aborts at a pause and at a cancel. Looked at between pieces of at most some 100 ms. */
  readonly signal: AbortSignal;
  /** What is wished now. */
  wish(): 'go-on' | 'pause' | 'cancel';
  /** Lets the thread hear what came, and throws `WorkStopped` when it is to stop. Cheap enough for every thousand rows. */
  breathe(): Promise<void>;
  /** Tokens of texts by the tokenizer of a model file, without a template. @throws ForgeError serving.* */
  countTokens(file: string, texts: readonly string[]): Promise<readonly number[]>;
  /** Handed out at most five times a second, the last one always. */
  report(progress: JobProgress): void;
}

/** One kind of work: parses its request, goes on from what lies in its folder, gives its report. @throws ForgeError */
export type FoundryWork = (request: unknown, context: WorkContext) => Promise<unknown>;
