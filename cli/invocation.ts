import type { Terminal } from './terminal/terminal.ts';

/** One call of one command: its words already checked, and the world it may touch. */
export interface Invocation {
  /** Words of the command, `['runs', 'list']`. */
  readonly command: readonly string[];
  readonly values: ReadonlyMap<string, string | number | boolean>;
  /** Positional words in order; a variadic argument is joined with blanks unless its words stay separate. */
  readonly words: readonly string[];
  readonly json: boolean;
  /** The whole line as it was typed, for `go on with`. */
  readonly typed: string;
  /** Absolute path of FORGE_HOME. */
  readonly home: string;
  readonly terminal: Terminal;
  readonly environment: NodeJS.ProcessEnv;
  readonly workingDirectory: string;
}

export function textValue(invocation: Invocation, name: string): string | undefined {
  const value = invocation.values.get(name);
  return typeof value === 'string' ? value : undefined;
}

export function numberValue(invocation: Invocation, name: string): number | undefined {
  const value = invocation.values.get(name);
  return typeof value === 'number' ? value : undefined;
}

export function isOn(invocation: Invocation, name: string): boolean {
  return invocation.values.get(name) === true;
}
