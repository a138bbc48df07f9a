import { commandTree } from '../command-tree.ts';
import { completionScript, type Shell } from '../completion-script.ts';
import { exitCode } from '../failure.ts';
import type { Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';

/** `forge completion bash|zsh|fish`. */
export async function runCompletion(invocation: Invocation): Promise<number> {
  const shell = invocation.words[0] as Shell;
  const script = completionScript(commandTree, shell);
  printResult(invocation, { shell, script }, () => [script.trimEnd()]);
  return exitCode.done;
}
