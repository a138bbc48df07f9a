import type { FoundryJob } from '#contract/dataset-versions.ts';
import type { ErrorCode, ErrorDetail } from '#contract/errors.ts';
import type { StoreFolders } from '#native-bridge/datasets/store/store-places.ts';

export type FoundryKind = FoundryJob['kind'];

/** One piece of work as the thread gets it. */
export interface FoundryTask {
  readonly kind: FoundryKind;
  /** What was asked for, as JSON; the kind parses it. */
  readonly request: unknown;
  /** Folder of this job's own files; it survives a pause and a crash, and goes when the job ends. */
  readonly folder: string;
  /** When the job was first started, Unix milliseconds. */
  readonly startedAt: number;
}

/** What the thread is started with. */
export interface ThreadData {
  readonly task: FoundryTask;
  readonly folders: StoreFolders;
  /** One Int32: a value of `wishes`. Read between pieces of work, so that it is heard whatever the thread is busy with. */
  readonly control: SharedArrayBuffer;
}

export const wishes = { goOn: 0, pause: 1, cancel: 2 } as const;
export type Wish = (typeof wishes)[keyof typeof wishes];

/** How far a job is. */
export type JobProgress = Pick<FoundryJob, 'text' | 'done' | 'total' | 'rowsPerSecond' | 'secondsLeft'>;

/** Counts tokens by the tokenizer of a model file, which lives outside of the thread. */
export type CountTokens = (file: string, texts: readonly string[]) => Promise<readonly number[]>;

/** What the thread is told: the answer to `count-tokens` of the same id. */
export type CountedTokens =
  | { readonly id: number; readonly counts: readonly number[] }
  | { readonly id: number; readonly code: ErrorCode; readonly detail: ErrorDetail };

export type ThreadMessage =
  | { readonly kind: 'count-tokens'; readonly id: number; readonly file: string; readonly texts: readonly string[] }
  | { readonly kind: 'progress'; readonly progress: JobProgress }
  | { readonly kind: 'done'; readonly result: unknown }
  /** As it was wished: paused with everything written down, or given up. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly detail: ErrorDetail }
  | { readonly kind: 'bug'; readonly stack: string };
