import { findEngine, isOfOtherVersion, stopEngine, stopOtherEngine } from '../engine-connection.ts';
import { CommandFailure, exitCode } from '../failure.ts';
import type { Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';

/** `forge stop`: ends the engine; nothing to stop is no failure. */
export async function runStop(invocation: Invocation): Promise<number> {
  const stopped = await stop(invocation.home);
  if (stopped === null) {
    printResult(invocation, { stopped: false, pid: null, home: invocation.home }, () => [
      `No engine runs in ${invocation.home}.`,
    ]);
    return exitCode.done;
  }
  const { pid, isGone } = stopped;
  if (!isGone) {
    throw new CommandFailure({
      code: 'command.still-running',
      message: `The engine (process ${pid}) was told to stop and is still there after 10 s.`,
      remedy: `Look at ${invocation.home}/logs/engine.log, or end process ${pid} yourself: nothing is lost by it.`,
      exitCode: exitCode.failed,
    });
  }
  printResult(invocation, { stopped: true, pid, home: invocation.home }, () => [
    'The engine is stopped. Training that runs goes on; the next command finds it again.',
  ]);
  return exitCode.done;
}

/** Null when no engine runs. */
async function stop(home: string): Promise<{ readonly pid: number; readonly isGone: boolean } | null> {
  try {
    const connection = await findEngine(home);
    return connection && { pid: connection.file.pid, isGone: await stopEngine(connection) };
  } catch (error) {
    if (isOfOtherVersion(error)) return stopOtherEngine(home);
    throw error;
  }
}
