import { commonOptions, type CommandSpec, type OptionSpec, type ValueKind } from '../command-spec.ts';

/** A command with the words that lead to it; the empty path is `forge` itself. */
export interface CommandNode {
  readonly path: readonly string[];
  readonly summary: string;
  readonly subcommands: readonly CommandSpec[];
  /** Long names with their spec; aliases are entries of their own. */
  readonly options: readonly OptionSpec[];
  readonly argument: ValueKind | null;
  /** The subcommand that takes words which name none. */
  readonly wordsGoTo: string | null;
}

function withAliases(options: readonly OptionSpec[]): OptionSpec[] {
  return options.flatMap((option) => [
    option,
    ...(option.aliases ?? []).map((name) => ({ ...option, name, description: `Same as --${option.name}` })),
  ]);
}

function nodesOf(spec: CommandSpec, parents: readonly string[]): CommandNode[] {
  const path = [...parents, spec.name];
  const subcommands = spec.subcommands ?? [];
  const standard = subcommands.find(({ name }) => name === spec.defaultSubcommand);
  const inherited = standard?.options ?? [];
  const node: CommandNode = {
    path,
    summary: spec.summary,
    subcommands,
    options: [
      ...withAliases([...(spec.options ?? []), ...inherited, ...commonOptions]),
      { name: 'help', short: 'h', description: 'Show help' },
    ],
    argument: spec.arguments?.[0]?.value ?? null,
    wordsGoTo: standard?.arguments === undefined ? null : standard.name,
  };
  return [node, ...subcommands.flatMap((subcommand) => nodesOf(subcommand, path))];
}

/** Every command of the tree with its path, parents before children. */
export function walkTree(tree: readonly CommandSpec[]): CommandNode[] {
  const root: CommandNode = {
    path: [],
    summary: '',
    subcommands: tree,
    options: [
      ...commonOptions,
      { name: 'help', short: 'h', description: 'Show help' },
      { name: 'version', short: 'V', description: 'Show the version' },
    ],
    argument: null,
    wordsGoTo: null,
  };
  return [root, ...tree.flatMap((spec) => nodesOf(spec, []))];
}
