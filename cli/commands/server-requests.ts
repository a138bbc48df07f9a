import { findEngine } from '../engine-connection.ts';
import { exitCode } from '../failure.ts';
import { numberValue, type Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { requestTable } from '../terminal/server-view.ts';
import { outStyle } from '../terminal/view-style.ts';

const shownRequests = 20;

/** `forge server requests`: the engine keeps them while it runs. */
export async function listRequests(invocation: Invocation): Promise<number> {
  const connection = await findEngine(invocation.home);
  try {
    const limit = numberValue(invocation, 'limit') ?? shownRequests;
    const requests = (await connection?.client.serving.requests({ limit })) ?? [];
    printResult(invocation, requests, () => requestTable(requests, outStyle(invocation.terminal)));
    return exitCode.done;
  } finally {
    connection?.close();
  }
}
