import type { Invocation } from './invocation.ts';

/** What a word on the command line may be; decides how it is read and what the shell offers for it. */
export type ValueKind =
  | { readonly kind: 'text' }
  | { readonly kind: 'file' }
  | { readonly kind: 'folder' }
  | { readonly kind: 'model' }
  | { readonly kind: 'run' }
  | {
      readonly kind: 'choice';
      readonly choices: readonly string[];
      /** What was written may be a secret in the wrong place: a refusal repeats it only when it is near a choice. */
      readonly hidden?: boolean;
      /** Words beyond the choices that are let through, because the engine knows more of them than the command does. */
      readonly alsoAllowed?: RegExp;
    }
  /** Numbers outside the range are refused with the range in the sentence. */
  | { readonly kind: 'integer'; readonly minimum: number; readonly maximum: number }
  | { readonly kind: 'number'; readonly minimum: number; readonly maximum: number };

export interface OptionSpec {
  /** Without dashes: `batch-size`; read back under the same name. */
  readonly name: string;
  readonly short?: string;
  /** Other long names for the same option. */
  readonly aliases?: readonly string[];
  /** Placeholder of the value; absent for a switch. */
  readonly placeholder?: string;
  readonly value?: ValueKind;
  /** May be given several times; read back as one text with a line for each. */
  readonly repeatable?: boolean;
  readonly description: string;
}

export interface ArgumentSpec {
  readonly name: string;
  readonly value: ValueKind;
  readonly required: boolean;
  /** Takes all words that are left. */
  readonly variadic?: boolean;
  /** Each of those words stays one of its own (paths may hold blanks); else they are joined. */
  readonly separate?: boolean;
  readonly description: string;
}

/** Runs a command and resolves with its exit code. */
export type CommandRun = (invocation: Invocation) => Promise<number>;

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** One more paragraph for the command's own help. */
  readonly description?: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  /** Said about words too many where one of them may be a secret: the words themselves are not repeated. */
  readonly refusesWords?: { readonly message: string; readonly remedy: string };
  /** Shown at the end of the help; each is a line one can type. */
  readonly examples: readonly string[];
  readonly subcommands?: readonly CommandSpec[];
  /** The subcommand meant when none is named. */
  readonly defaultSubcommand?: string;
  /** Loads the code only when the command runs, so that help and completion stay quick. */
  readonly load?: () => Promise<CommandRun>;
}

/** Options every command takes. */
export const commonOptions: readonly OptionSpec[] = [
  { name: 'json', description: 'Print one JSON value on standard output and nothing else' },
  {
    name: 'home',
    placeholder: 'folder',
    value: { kind: 'folder' },
    description: 'Where Forge keeps everything (default: FORGE_HOME or the application-data folder)',
  },
];

/** A switch. */
export function flag(name: string, description: string): OptionSpec {
  return { name, description };
}

/** An option with free text. */
export function textOption(name: string, placeholder: string, description: string): OptionSpec {
  return { name, placeholder, value: { kind: 'text' }, description };
}
