import { connectEngine, leaveEngine, type EngineConnection } from '../engine-connection.ts';
import { exitCode, usageFailure } from '../failure.ts';
import { isOn, textValue, type Invocation } from '../invocation.ts';
import { mainJobRequestOf } from '../main-job-request.ts';
import { runMainJob } from '../main-job-run.ts';
import { printResult } from '../output.ts';
import { planView } from '../terminal/plan-view.ts';
import { outStyle } from '../terminal/view-style.ts';
import { printMainJobEnd } from '../print-main-job-end.ts';
import { listenForStop } from '../stop-signal.ts';

/** `forge train`: the chain on a dataset; `--dry-run` only says what it would do. */
export async function runTrain(invocation: Invocation): Promise<number> {
  if (textValue(invocation, 'dataset') === undefined) {
    throw usageFailure(
      'forge train needs a dataset.',
      'Name one with --dataset tickets.csv, or try the shipped sample with `forge quickstart`.',
    );
  }
  const request = await mainJobRequestOf(invocation);
  const stop = listenForStop();
  let connection: EngineConnection | null = null;
  try {
    connection = await connectEngine(invocation);
    if (isOn(invocation, 'dry-run')) {
      const plan = await connection.client.mainJobs.plan({ request }, { signal: stop.first });
      printResult(invocation, plan, () => planView(plan, outStyle(invocation.terminal)));
      return exitCode.done;
    }
    const end = await runMainJob({ invocation, request, connection, stop });
    connection = end.connection;
    if (end.kind === 'stopped') return exitCode.interrupted;
    printMainJobEnd(invocation, end.view, { stays: !connection.started });
    return exitCode.done;
  } finally {
    stop.dispose();
    if (connection !== null) await leaveEngine(connection, { hurry: stop.second.aborted });
  }
}
