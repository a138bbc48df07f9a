import type { SandboxName, ScriptAllowances } from '#contract/scripts.ts';
import type { CanonicalRow } from '#contract/rows.ts';

/** What a script may take up (D-29). */
export interface ScriptLimits {
  /** For the file itself and for setup(sample), each. */
  readonly startMs: number;
  /** For one message of rows. */
  messageMs(rows: number): number;
  /** For one row, when the row that takes too long is looked for; null where nobody asks which one it was. */
  readonly rowMs: number | null;
  readonly memoryBytes: number;
  /** Of one message: what is given back and what is printed together. */
  readonly outputBytes: number;
}

/** A script and everything that its results depend on. */
export interface ScriptProgram {
  readonly source: string;
  readonly sample: readonly CanonicalRow[];
  readonly seed: number;
  readonly allow: ScriptAllowances;
  readonly limits: ScriptLimits;
}

/** Why a script was stopped. `row` is the index in its message; null where it is not known, or not at a row. */
export interface ScriptStop {
  readonly kind: 'stopped';
  readonly why: 'exception' | 'bad-result' | 'time' | 'memory' | 'output' | 'crash';
  readonly row: number | null;
  readonly reason: string;
  readonly traceback: string;
}

/** What came out of one message: for every row what transform gave, as JSON values that nobody checked yet. */
export interface ScriptAnswer {
  readonly kind: 'answer';
  readonly results: readonly (readonly unknown[])[];
  readonly printed: string;
}

/** A script that is loaded in a sandbox of its own. After a stop it takes no more rows. */
export interface SandboxSession {
  /** @param first place of the first row in the version, from 0: with the seed it decides what chance gives */
  transform(rows: readonly CanonicalRow[], first: number): Promise<ScriptAnswer | ScriptStop>;
  /** Ends the sandbox at once. */
  close(): Promise<void>;
}

export type Fitness =
  { readonly isFit: true; readonly detail: string } | { readonly isFit: false; readonly detail: string };

/** One kind of isolation: a script in it reaches no file, process, environment or network of this machine. */
export interface Sandbox {
  readonly name: SandboxName;
  /** For people. */
  readonly label: string;
  /** Whether it is there and holds: tries to get out of it, with a listener and files as witnesses. Never throws for what a machine lacks. */
  probe(signal?: AbortSignal): Promise<Fitness>;
  /** Loads a script. A stop instead of a session: its file or its setup went wrong. An abort ends everything. */
  start(program: ScriptProgram, signal?: AbortSignal): Promise<SandboxSession | ScriptStop>;
}

export function isStop(given: SandboxSession | ScriptAnswer | ScriptStop): given is ScriptStop {
  return 'kind' in given && given.kind === 'stopped';
}
