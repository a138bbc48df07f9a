import type { CommandSpec } from './command-spec.ts';
import { bashScript } from './completion/bash-script.ts';
import { fishScript } from './completion/fish-script.ts';
import { zshScript } from './completion/zsh-script.ts';

export type Shell = 'bash' | 'zsh' | 'fish';

/** The completion script of a shell for a command tree. Pure text; needs nothing but the shell itself. */
export function completionScript(tree: readonly CommandSpec[], shell: Shell): string {
  if (shell === 'bash') return bashScript(tree);
  return shell === 'zsh' ? zshScript(tree) : fishScript(tree);
}
