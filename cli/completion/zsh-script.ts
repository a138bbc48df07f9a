import type { CommandSpec, OptionSpec, ValueKind } from '../command-spec.ts';
import { walkTree, type CommandNode } from './walk-tree.ts';

/** Text inside single quotes of an `_arguments` or `_describe` entry. */
function quoted(text: string): string {
  return text.replaceAll("'", "'\\''").replace(/[[\]:]/g, (sign) => `\\${sign}`);
}

function action(value: ValueKind): string {
  if (value.kind === 'choice') return `(${value.choices.join(' ')})`;
  if (value.kind === 'file') return '_files';
  return value.kind === 'folder' ? '_files -/' : ' ';
}

function optionEntry({ name, description, placeholder, value }: OptionSpec): string {
  const tail = value === undefined ? '' : `:${placeholder ?? 'value'}:${action(value)}`;
  return `'--${name}[${quoted(description)}]${tail}'`;
}

function functionName(path: readonly string[]): string {
  return ['_forge', ...path].join('_').replaceAll('-', '_');
}

function commandFunction(node: CommandNode): string {
  const options = node.options.map(optionEntry);
  if (node.subcommands.length === 0) {
    const argument = node.argument === null ? [] : [`'1:argument:${action(node.argument)}'`];
    return `${functionName(node.path)}() {\n  _arguments \\\n    ${[...options, ...argument].join(' \\\n    ')}\n}`;
  }
  const commands = node.subcommands.map(({ name, summary }) => `'${name}:${quoted(summary)}'`);
  const cases = node.subcommands.map(({ name }) => `    ${name}) ${functionName([...node.path, name])} ;;`);
  // Words that are no subcommand belong to the default one (`forge export support:v1 --to`).
  if (node.wordsGoTo !== null) cases.push(`    *) ${functionName([...node.path, node.wordsGoTo])} ;;`);
  return `${functionName(node.path)}() {
  local context state state_descr line
  typeset -A opt_args
  local -a commands
  commands=(
    ${commands.join('\n    ')}
  )
  _arguments -C \\
    ${options.join(' \\\n    ')} \\
    '1:command:->command' \\
    '*::argument:->argument'
  case $state in
    command) _describe -t commands 'command' commands ;;
    argument)
      case $words[1] in
${cases.map((line) => `    ${line}`).join('\n')}
      esac ;;
  esac
}`;
}

/** For zsh with compinit; works from a file on fpath and through `source <(...)`. */
export function zshScript(tree: readonly CommandSpec[]): string {
  const functions = walkTree(tree).map(commandFunction);
  return `#compdef forge
# Completion of forge for zsh. Put it on fpath: forge completion zsh > "\${fpath[1]}/_forge"

${functions.join('\n\n')}

if [ "$funcstack[1]" = "_forge" ]; then
  _forge "$@"
else
  compdef _forge forge
fi
`;
}
