import { Argument, Command, Help, Option } from 'commander';
import { appVersion } from './app-version.ts';
import { commonOptions, type CommandRun, type CommandSpec, type OptionSpec } from './command-spec.ts';
import { usageFailure } from './failure.ts';
import { nearestWord } from './nearest-word.ts';
import { readValue } from './read-value.ts';
import type { Palette } from './terminal/colour.ts';
import type { Terminal } from './terminal/terminal.ts';
import { displayWidth } from './terminal/text.ts';

/** The command a person chose, with its words read. */
export interface CommandCall {
  readonly command: readonly string[];
  readonly values: ReadonlyMap<string, string | number | boolean>;
  readonly words: readonly string[];
  readonly load: () => Promise<CommandRun>;
}

interface ProgramWorld {
  readonly terminal: Terminal;
  readonly onCall: (call: CommandCall) => void;
}

/** What was given to the command itself or, before its name, to those above it (`forge --home here runs --json list`). */
function givenOptions(command: Command): Record<string, unknown> {
  const above = command.parent === null ? {} : givenOptions(command.parent);
  return { ...above, ...command.opts() };
}

/** Values as they are written on the command line, with `--no-x` switches kept under their own name. */
function readOptions(
  specs: readonly OptionSpec[],
  given: Record<string, unknown>,
): Map<string, string | number | boolean> {
  const values = new Map<string, string | number | boolean>();
  for (const spec of specs) {
    const raw = [spec.name, ...(spec.aliases ?? [])].map((name) => given[name]).find((value) => value !== undefined);
    if (typeof raw === 'string' && spec.value !== undefined)
      values.set(spec.name, readValue(raw, spec.value, `--${spec.name}`));
    else if (raw === true) values.set(spec.name, true);
  }
  return values;
}

/** Commander turns `--no-x` into x = false; an attribute name of our own keeps every option under its written name. */
class WrittenOption extends Option {
  readonly written: string;

  constructor(flags: string, description: string, written: string) {
    super(flags, description);
    this.written = written;
    this.negate = false;
  }

  override attributeName(): string {
    return this.written;
  }
}

/** Values of an option that was given several times, a line each. */
function oneMoreLine(given: string, before: string | undefined): string {
  return before === undefined ? given : `${before}\n${given}`;
}

function addOption(command: Command, spec: OptionSpec): void {
  const value = spec.placeholder === undefined ? '' : ` <${spec.placeholder}>`;
  const short = spec.short === undefined ? '' : `-${spec.short}, `;
  const option = new WrittenOption(`${short}--${spec.name}${value}`, spec.description, spec.name);
  if (spec.repeatable === true) option.argParser(oneMoreLine);
  command.addOption(option);
  for (const alias of spec.aliases ?? []) {
    command.addOption(new WrittenOption(`--${alias}${value}`, `Same as --${spec.name}`, alias));
  }
}

/** `--dataset --home x`: the next option would be taken for the value, and everything after it for something else. */
function refuseMissingValues(command: Command): void {
  const known = new Set(command.options.map(({ long }) => long));
  for (const option of command.options) {
    if (!option.required) continue;
    const value = command.getOptionValue(option.attributeName()) as unknown;
    if (typeof value !== 'string' || !known.has(value)) continue;
    throw usageFailure(
      `${option.long ?? ''} has no value: ${value} stands where it was expected.`,
      `Write the value behind ${option.long ?? ''}, or leave it out.`,
    );
  }
}

function helpStyle(terminal: Terminal): Partial<Help> {
  const palette: Palette = terminal.outPalette;
  return {
    helpWidth: Math.min(terminal.columns(), 110),
    minWidthToWrap: 20,
    displayWidth,
    styleTitle: palette.strong,
    styleCommandText: palette.accent,
    styleOptionTerm: palette.accent,
    styleSubcommandTerm: palette.accent,
    styleArgumentTerm: palette.accent,
    subcommandTerm: (command: Command) => command.name(),
    optionTerm: (option: Option) => option.flags,
  };
}

function dress(command: Command, spec: Pick<CommandSpec, 'examples'>, terminal: Terminal): void {
  command
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: () => undefined,
      outputError: () => undefined,
      getOutHasColors: () => terminal.outPalette.accent('x') !== 'x',
    })
    .configureHelp(helpStyle(terminal))
    .helpOption('-h, --help', 'Show this help')
    .addHelpText(
      'after',
      `\n${terminal.outPalette.strong('Examples:')}\n${spec.examples.map((line) => `  ${line}`).join('\n')}`,
    );
}

function refuseExtraWords(command: Command, spec: CommandSpec, path: readonly string[]): void {
  const known = spec.arguments ?? [];
  const extra = command.args[known.length];
  if (extra === undefined || known.at(-1)?.variadic === true) return;
  if (spec.refusesWords !== undefined) throw usageFailure(spec.refusesWords.message, spec.refusesWords.remedy);
  const whole = ['forge', ...path].join(' ');
  throw usageFailure(
    `${whole} does not know what to do with ${extra}.`,
    `Leave it out, or put what belongs together in quotation marks. ${whole} --help shows what it takes.`,
  );
}

function addArguments(command: Command, spec: CommandSpec): void {
  for (const argument of spec.arguments ?? []) {
    const name = argument.variadic === true ? `${argument.name}...` : argument.name;
    command.addArgument(new Argument(argument.required ? `<${name}>` : `[${name}]`, argument.description));
  }
}

/** The positional words in the order of the spec, each read by its kind. */
function readWords(command: Command, spec: CommandSpec): string[] {
  return command.processedArgs.flatMap((word: unknown, index) => {
    const value = spec.arguments?.[index];
    if (Array.isArray(word) && value?.separate === true)
      return word.map((one) => String(readValue(String(one), value.value, `<${value.name}>`)));
    const text = Array.isArray(word) ? word.join(' ') : typeof word === 'string' ? word : '';
    return text === '' || value === undefined ? text : String(readValue(text, value.value, `<${value.name}>`));
  });
}

function addRun(command: Command, spec: CommandSpec, world: ProgramWorld & { path: readonly string[] }): void {
  const options = [...(spec.options ?? []), ...commonOptions];
  for (const option of options) addOption(command, option);
  addArguments(command, spec);
  command.allowExcessArguments(true).action(() => {
    refuseMissingValues(command);
    refuseExtraWords(command, spec, world.path);
    const words = readWords(command, spec);
    const load = spec.load;
    if (load !== undefined)
      world.onCall({ command: world.path, values: readOptions(options, givenOptions(command)), words, load });
  });
}

/**
 * A command with subcommands. A word that is none of them goes to the default subcommand when that one takes words (`forge export support:v1`);
 * otherwise it is answered with the nearest. No word at all means the default or the help.
 */
function addGroup(command: Command, spec: CommandSpec, world: ProgramWorld & { path: readonly string[] }): void {
  const subcommands = spec.subcommands ?? [];
  for (const subcommand of subcommands) addCommand(command, subcommand, world);
  const chosen = subcommands.find(({ name }) => name === spec.defaultSubcommand);
  const options = [...(chosen?.options ?? []), ...commonOptions];
  for (const option of options) addOption(command, option);
  const takesWords = (chosen?.arguments ?? []).length > 0;
  if (chosen !== undefined) addArguments(command, chosen);
  command
    .allowExcessArguments(true)
    .allowUnknownOption(!takesWords)
    .action(() => {
      if (takesWords) refuseMissingValues(command);
      else refuseStray(command, subcommands, world.path);
      if (chosen?.load === undefined) return command.help();
      refuseExtraWords(command, chosen, world.path);
      world.onCall({
        command: [...world.path, chosen.name],
        values: readOptions(options, givenOptions(command)),
        words: readWords(command, chosen),
        load: chosen.load,
      });
    });
}

/** Words left over where a command was expected: the first one says what was meant. */
function refuseStray(command: Command, known: readonly CommandSpec[], path: readonly string[]): void {
  const [word] = command.args;
  if (word === undefined) return;
  if (!word.startsWith('-')) throw unknownCommand(word, known, path);
  const near = nearestWord(
    word,
    command.options.flatMap(({ long }) => long ?? []),
  );
  const whole = ['forge', ...path].join(' ');
  throw usageFailure(
    `There is no option ${word} for ${whole}.`,
    near === null ? `Run ${whole} --help to see what it takes.` : `Did you mean ${near}?`,
  );
}

function unknownCommand(word: string, known: readonly CommandSpec[], path: readonly string[]): Error {
  const names = known.map(({ name }) => name);
  const near = nearestWord(word, names);
  const whole = ['forge', ...path].join(' ');
  const remedy =
    near === null ? `Run ${whole} --help to see the commands there are.` : `Did you mean ${whole} ${near}?`;
  return usageFailure(`There is no command ${whole} ${word}.`, remedy);
}

function addCommand(parent: Command, spec: CommandSpec, world: ProgramWorld & { path: readonly string[] }): void {
  const command = parent.createCommand(spec.name).summary(spec.summary);
  command.description(spec.description === undefined ? `${spec.summary}.` : `${spec.summary}. ${spec.description}`);
  const own = { ...world, path: [...world.path, spec.name] };
  dress(command, spec, world.terminal);
  if (spec.subcommands === undefined) addRun(command, spec, own);
  else addGroup(command, spec, own);
  parent.addCommand(command);
}

/** The program that reads the words of `forge`. Parsing calls `onCall` with what is to be run; it runs nothing itself. */
export function commandProgram(tree: readonly CommandSpec[], world: ProgramWorld): Command {
  const program = new Command('forge')
    .description('From a pile of examples to your own language model, on your own machine, proven better.')
    .version(appVersion, '-V, --version', 'Show the version')
    .helpCommand('help [command]', 'Show the help of a command');
  for (const option of commonOptions) addOption(program, option);
  dress(
    program,
    { examples: ['forge quickstart', 'forge train --dataset tickets.csv', 'forge <command> --help'] },
    world.terminal,
  );
  for (const spec of tree) addCommand(program, spec, { ...world, path: [] });
  program
    .allowExcessArguments(true)
    .allowUnknownOption(true)
    .action(() => {
      refuseStray(program, tree, []);
      program.outputHelp();
    });
  return program;
}
