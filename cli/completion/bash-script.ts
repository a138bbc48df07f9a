import type { CommandSpec, ValueKind } from '../command-spec.ts';
import { walkTree, type CommandNode } from './walk-tree.ts';

function offer(value: ValueKind): string {
  if (value.kind === 'choice') return `COMPREPLY=($(compgen -W "${value.choices.join(' ')}" -- "$current")); return`;
  if (value.kind === 'file') return '_forge_files -f; return';
  if (value.kind === 'folder') return '_forge_files -d; return';
  return 'return';
}

function valueCases(node: CommandNode): string[] {
  return node.options
    .filter(({ value }) => value !== undefined)
    .map(({ name, value }) => `    "${node.path.join(' ')}:--${name}") ${offer(value ?? { kind: 'text' })} ;;`);
}

function wordCase(node: CommandNode): string {
  const choices = node.argument?.kind === 'choice' ? node.argument.choices : [];
  const words = [
    ...node.subcommands.map(({ name }) => name),
    ...choices,
    ...node.options.map(({ name }) => `--${name}`),
  ];
  return `    "${node.path.join(' ')}") words="${words.join(' ')}" ;;`;
}

/** For bash 3.2 and later, without the bash-completion package. */
export function bashScript(tree: readonly CommandSpec[]): string {
  const nodes = walkTree(tree);
  const steps = nodes.flatMap(({ path, subcommands }) => subcommands.map(({ name }) => `"${path.join(' ')} ${name}"`));
  return `# Completion of forge for bash. Load it with: source <(forge completion bash)
_forge_files() {
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen "$1" -- "$current"))
}

_forge() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="" word words="" i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$command $word" in
      ${steps.join(' | ')}) command="\${command:+$command }$word" ;;
    esac
  done
  case "$command:$previous" in
${nodes.flatMap(valueCases).join('\n')}
  esac
  case "$command" in
${nodes.map(wordCase).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}

complete -F _forge forge
`;
}
