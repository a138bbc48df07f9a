import type { CommandSpec, OptionSpec, ValueKind } from '../command-spec.ts';
import { walkTree, type CommandNode } from './walk-tree.ts';

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function condition({ path, subcommands }: CommandNode): string {
  if (path.length === 0) return '__fish_use_subcommand';
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');
  const deeper = subcommands.map(({ name }) => name).join(' ');
  return deeper === '' ? seen : `${seen}; and not __fish_seen_subcommand_from ${deeper}`;
}

function valueFlags(value: ValueKind | undefined): string {
  if (value === undefined) return '';
  if (value.kind === 'choice') return ` -x -a ${quoted(value.choices.join(' '))}`;
  if (value.kind === 'file') return ' -r -F';
  return value.kind === 'folder' ? " -x -a '(__fish_complete_directories)'" : ' -x';
}

function optionLine(when: string, { name, short, description, value }: OptionSpec): string {
  const shortFlag = short === undefined ? '' : ` -s ${short}`;
  return `complete -c forge -n ${quoted(when)} -l ${name}${shortFlag}${valueFlags(value)} -d ${quoted(description)}`;
}

function nodeLines(node: CommandNode): string[] {
  const when = condition(node);
  const commands = node.subcommands.map(
    ({ name, summary }) => `complete -c forge -n ${quoted(when)} -a ${name} -d ${quoted(summary)}`,
  );
  const choices =
    node.argument?.kind === 'choice'
      ? [`complete -c forge -n ${quoted(when)} -a ${quoted(node.argument.choices.join(' '))}`]
      : [];
  return [...commands, ...choices, ...node.options.map((option) => optionLine(when, option))];
}

/** For fish 3 and later. */
export function fishScript(tree: readonly CommandSpec[]): string {
  return `# Completion of forge for fish. Keep it: forge completion fish > ~/.config/fish/completions/forge.fish
complete -c forge -f
${walkTree(tree).flatMap(nodeLines).join('\n')}
`;
}
