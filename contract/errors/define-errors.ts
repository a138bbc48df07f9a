/**
 * One expected error, as it is shown to a person.
 * `message` and `remedy` are sentences in which `{name}` stands for a value given when the error is made.
 */
export interface ErrorDefinition {
  /** What happened and where. */
  readonly message: string;
  /** The one thing to do next. */
  readonly remedy: string;
  /** The same for someone at the window, where `remedy` speaks of commands. */
  readonly windowRemedy?: string;
  /** True when trying the same again can succeed without a change by the person. */
  readonly retryable: boolean;
  /** Exit code of the command line for this error (documented in docs/command-line.md). */
  readonly exitCode: 1 | 2 | 3 | 4;
}

/** Exit codes: 1 the work failed, 2 the input is wrong, 3 the machine or its set-up is in the way, 4 stopped on request. */
export const exitCodes = { failed: 1, input: 2, machine: 3, stopped: 4 } as const;

/** Declares a group of errors; the literal keys become the codes. */
export function defineErrors<const T extends Record<string, ErrorDefinition>>(definitions: T): T {
  return definitions;
}
