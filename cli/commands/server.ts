import { randomUUID } from 'node:crypto';
import type { ForgeClient } from '#contract/client.ts';
import type { ServingView } from '#contract/serving-state.ts';
import { findEngine } from '../engine-connection.ts';
import { exitCode } from '../failure.ts';
import { numberValue, textValue, type Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { serverLines, serverStateText } from '../terminal/server-view.ts';
import { outStyle } from '../terminal/view-style.ts';
import { withEngine } from '../with-engine.ts';

/** Asks the engine that runs, without starting one: where none does, the server is stopped. */
async function askRunning(
  invocation: Invocation,
  question: (client: ForgeClient) => Promise<ServingView>,
): Promise<ServingView | null> {
  const connection = await findEngine(invocation.home);
  if (connection === null) return null;
  try {
    return await question(connection.client);
  } finally {
    connection.close();
  }
}

function printState(invocation: Invocation, view: ServingView | null, lines: (view: ServingView) => string[]): number {
  const json = view ?? { state: 'stopped', running: false, url: null, home: invocation.home };
  printResult(invocation, json, () =>
    view === null ? [`The server is stopped: no engine runs in ${invocation.home}.`] : lines(view),
  );
  return exitCode.done;
}

const stateLine = (view: ServingView): string[] => [`The server is ${serverStateText(view)}.`];

/** `forge server status`: never starts anything. */
export async function showServer(invocation: Invocation): Promise<number> {
  const view = await askRunning(invocation, (client) => client.serving.status());
  return printState(invocation, view, (shown) => serverLines(shown, outStyle(invocation.terminal)));
}

/** `forge server start`: the server and its engine go on after the command. */
export async function startServer(invocation: Invocation): Promise<number> {
  const address = { port: numberValue(invocation, 'port') ?? null, host: textValue(invocation, 'host') ?? null };
  const start = ({ client }: { client: ForgeClient }) => client.serving.start({ ...address, requestId: randomUUID() });
  return printState(invocation, await withEngine(invocation, start, { engineStays: true }), stateLine);
}

/** `forge server stop`: nothing to stop is no failure. */
export async function stopServer(invocation: Invocation): Promise<number> {
  const view = await askRunning(invocation, (client) => client.serving.stop({ requestId: randomUUID() }));
  return printState(invocation, view, stateLine);
}

/** `forge server restart`. */
export async function restartServer(invocation: Invocation): Promise<number> {
  const view = await withEngine(invocation, ({ client }) => client.serving.restart({ requestId: randomUUID() }), {
    engineStays: true,
  });
  return printState(invocation, view, stateLine);
}

/** `forge server load`: the engine stays, or the model would leave memory with it. */
export async function loadModel(invocation: Invocation): Promise<number> {
  const model = invocation.words[0] ?? '';
  const load = ({ client }: { client: ForgeClient }) => client.serving.load({ model, requestId: randomUUID() });
  const view = await withEngine(invocation, load, { engineStays: true });
  return printState(invocation, view, () => [`${model} is in memory.`]);
}

/** `forge server unload`. */
export async function unloadModel(invocation: Invocation): Promise<number> {
  const model = invocation.words[0] ?? '';
  const view = await askRunning(invocation, (client) => client.serving.unload({ model, requestId: randomUUID() }));
  return printState(invocation, view, () => [`${model} is not in memory.`]);
}
