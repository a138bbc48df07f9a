import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os';
import type { MachineDescription } from './measured-file.ts';
import { runProcess } from './run-process.ts';

export function describeMachine(): MachineDescription {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${type()} ${release()} ${arch()}`,
    node: process.versions.node,
  };
}

/** The commit of the checkout, with a plus when there are changes on top of it; "unknown" without git. */
export async function describeCommit(): Promise<string> {
  const git = (...args: string[]) => runProcess('git', args, { timeoutMs: 10_000 }).catch(() => null);
  const head = await git('rev-parse', '--short=10', 'HEAD');
  if (head?.code !== 0) return 'unknown';
  const changes = await git('status', '--porcelain', '--untracked-files=no');
  return `${head.stdout.trim()}${changes?.stdout.trim() === '' ? '' : '+'}`;
}
