import { Command, CommanderError } from 'commander';
import { commandProgram, type CommandCall } from './command-program.ts';
import { commandTree } from './command-tree.ts';
import { exitCode, failureOf, usageFailure, type CommandFailure } from './failure.ts';
import { homeFolder } from './home-folder.ts';
import type { Invocation } from './invocation.ts';
import { printFailure } from './output.ts';
import type { Terminal } from './terminal/terminal.ts';

export interface CommandLineWorld {
  readonly terminal: Terminal;
  readonly environment: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly workingDirectory: string;
}

/** Commander's sentences as ours; its hint (`Did you mean`) is on a second line. */
function usageFailureOf(error: CommanderError): CommandFailure {
  // What stands behind the = of an unknown option may be a secret.
  const [first = '', ...rest] = error.message
    .replace(/^error: /, '')
    .replace(/(unknown option '[^'=]+)=.*'/s, "$1'")
    .split('\n');
  const sentence = first.charAt(0).toUpperCase() + first.slice(1);
  const hint = rest
    .join(' ')
    .trim()
    .replace(/^\(|\)$/g, '');
  const remedy = hint === '' ? 'Run the command with --help to see what it takes.' : hint;
  return usageFailure(/[.?]$/.test(sentence) ? sentence : `${sentence}.`, remedy);
}

/** The words as a shell would take them again. */
function typedLine(words: readonly string[]): string {
  const quoted = words.map((word) =>
    /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`,
  );
  return ['forge', ...quoted].join(' ');
}

async function runCall(call: CommandCall, world: CommandLineWorld & { typed: string }): Promise<number> {
  const home = call.values.get('home');
  const invocation: Invocation = {
    command: call.command,
    values: call.values,
    words: call.words,
    json: call.values.get('json') === true,
    typed: world.typed,
    home: homeFolder({ ...world, option: typeof home === 'string' ? home : undefined }),
    terminal: world.terminal,
    environment: world.environment,
    workingDirectory: world.workingDirectory,
  };
  const run = await call.load();
  return run(invocation);
}

/**
 * Runs `forge` with the words after the program's name and resolves with the exit code. Expected ends (wrong words, the engine's errors) are
 * printed, not thrown; `FORGE_DEBUG=1` adds the stack.
 */
export async function runCommandLine(words: readonly string[], world: CommandLineWorld): Promise<number> {
  const { terminal, environment } = world;
  const json = words.includes('--json');
  let call: CommandCall | null = null;
  try {
    const program: Command = commandProgram(commandTree, { terminal, onCall: (chosen) => (call = chosen) });
    await program.parseAsync([...words], { from: 'user' });
    return call === null ? exitCode.done : await runCall(call, { ...world, typed: typedLine(words) });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCode.done;
    const shown = error instanceof CommanderError ? usageFailureOf(error) : error;
    const failure = await failureOf(shown);
    printFailure(failure, { json, terminal });
    if (environment['FORGE_DEBUG'] === '1' && error instanceof Error)
      terminal.err(`\n${error.stack ?? error.message}\n`);
    return failure.exitCode;
  }
}
