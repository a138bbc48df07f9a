import { randomUUID } from 'node:crypto';
import type { ForgeClient } from '#contract/client.ts';
import type { EngineConnection } from './engine-connection.ts';
import { CommandFailure, exitCode } from './failure.ts';
import type { Invocation } from './invocation.ts';
import { aborted, type StopSignal } from './stop-signal.ts';

/** Resolves when somebody else (window, tray, another command) stopped the server that was seen running; never when the watch ends. */
async function stoppedElsewhere(client: ForgeClient, signal: AbortSignal): Promise<'elsewhere'> {
  let wasRunning = false;
  try {
    for await (const { state, running } of await client.serving.watch(undefined, { signal })) {
      if (wasRunning && (state === 'stopped' || state === 'failed')) return 'elsewhere';
      wasRunning ||= running;
    }
  } catch {
    // The connection is gone or the watch was called off: who waits for this learns of both in another way.
  }
  return new Promise(() => undefined);
}

/**
 * Says where the server is and stays until Ctrl-C, which stops it, or until it was stopped elsewhere. Throws when the engine goes away
 * meanwhile.
 */
export async function serveUntilStopped(
  { invocation, connection, stop }: { invocation: Invocation; connection: EngineConnection; stop: StopSignal },
  served: { model: string; url: string },
): Promise<'asked' | 'elsewhere'> {
  const { terminal, json } = invocation;
  const line = `Serving ${served.model} at ${served.url}. Ctrl-C stops the server.\n`;
  if (json) terminal.err(line);
  else terminal.out(`\n${line}`);
  const watching = new AbortController();
  const ended = await Promise.race([
    aborted(stop.first).then(() => 'asked' as const),
    connection.closed.then(() => 'lost' as const),
    stoppedElsewhere(connection.client, watching.signal),
  ]);
  watching.abort();
  if (ended === 'asked') await connection.client.serving.stop({ requestId: randomUUID() });
  if (ended !== 'lost') {
    terminal.err(ended === 'asked' ? '\nThe server is stopped.\n' : '\nThe server was stopped from somewhere else.\n');
    return ended;
  }
  throw new CommandFailure({
    code: 'command.engine-ended',
    message: 'The engine ended, and the server with it.',
    remedy: `Start it again with \`forge serve ${served.model}\`; the log is in ${invocation.home}/logs/engine.log.`,
    exitCode: exitCode.machine,
  });
}
