import { randomUUID } from 'node:crypto';
import type { EngineConnection } from './engine-connection.ts';
import { CommandFailure, exitCode } from './failure.ts';
import type { Invocation } from './invocation.ts';
import { aborted, type StopSignal } from './stop-signal.ts';

/** Says where the server is and stays until Ctrl-C, which stops it. Throws when the engine goes away meanwhile. */
export async function serveUntilStopped(
  { invocation, connection, stop }: { invocation: Invocation; connection: EngineConnection; stop: StopSignal },
  served: { model: string; url: string },
): Promise<void> {
  const { terminal, json } = invocation;
  const line = `Serving ${served.model} at ${served.url}. Ctrl-C stops the server.\n`;
  if (json) terminal.err(line);
  else terminal.out(`\n${line}`);
  const ended = await Promise.race([aborted(stop.first).then(() => 'asked'), connection.closed.then(() => 'lost')]);
  if (ended === 'asked') {
    await connection.client.serving.stop({ requestId: randomUUID() });
    terminal.err('\nThe server is stopped.\n');
    return;
  }
  throw new CommandFailure({
    code: 'command.engine-ended',
    message: 'The engine ended, and the server with it.',
    remedy: `Start it again with \`forge serve ${served.model}\`; the log is in ${invocation.home}/logs/engine.log.`,
    exitCode: exitCode.machine,
  });
}
