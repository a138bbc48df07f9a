import { randomUUID } from 'node:crypto';
import { connectEngine, leaveEngine, type EngineConnection } from '../engine-connection.ts';
import { exitCode } from '../failure.ts';
import { isOn, numberValue, type Invocation } from '../invocation.ts';
import { mainJobRequestOf } from '../main-job-request.ts';
import { runMainJob } from '../main-job-run.ts';
import { printMainJobEnd } from '../print-main-job-end.ts';
import { serveUntilStopped } from '../serve-until-stopped.ts';
import { listenForStop } from '../stop-signal.ts';

/** `forge quickstart`: the whole chain with a result, then the server until Ctrl-C (`--once`: the end). */
export async function runQuickstart(invocation: Invocation): Promise<number> {
  const request = await mainJobRequestOf(invocation);
  const stop = listenForStop();
  let connection: EngineConnection | null = null;
  try {
    connection = await connectEngine(invocation);
    const port = numberValue(invocation, 'port');
    if (port !== undefined) await connection.client.serving.start({ port, requestId: randomUUID() });
    const end = await runMainJob({ invocation, request, connection, stop });
    connection = end.connection;
    if (end.kind === 'stopped') return exitCode.interrupted;
    const stays = !isOn(invocation, 'once') && !stop.first.aborted;
    printMainJobEnd(invocation, end.view, { stays });
    const served = end.view.result?.served ?? null;
    if (stays && served !== null) await serveUntilStopped({ invocation, connection, stop }, served);
    return exitCode.done;
  } finally {
    stop.dispose();
    if (connection !== null) await leaveEngine(connection, { hurry: stop.second.aborted });
  }
}
