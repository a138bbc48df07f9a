import type { ForgeClient } from '#contract/client.ts';
import type { ServingView } from '#contract/serving-state.ts';
import { CommandFailure, exitCode } from '../failure.ts';
import type { Invocation } from '../invocation.ts';
import { listenForStop } from '../stop-signal.ts';
import { familyText, serverStateText } from '../terminal/server-view.ts';
import { withEngine } from '../with-engine.ts';

/** What a person is told of; counts of requests change too often to be lines. */
function toldLines(view: ServingView): string[] {
  const loaded = view.servers.filter(({ model }) => model !== null).map(({ name, path }) => name ?? path);
  return [
    serverStateText(view),
    ...view.families.map(familyText),
    loaded.length === 0 ? 'no model in memory' : `in memory: ${loaded.join(', ')}`,
  ];
}

/** `forge server watch`: until Ctrl-C. */
export async function watchServer(invocation: Invocation): Promise<number> {
  const { terminal, json, home } = invocation;
  const stop = listenForStop();
  let told: readonly string[] = [];
  const tell = (view: ServingView): void => {
    if (json) return terminal.out(`${JSON.stringify(view)}\n`);
    const lines = toldLines(view);
    for (const line of lines) if (!told.includes(line)) terminal.out(`${new Date().toLocaleTimeString()}  ${line}\n`);
    told = lines;
  };
  try {
    const follow = async ({ client }: { client: ForgeClient }): Promise<void> => {
      for await (const view of await client.serving.watch(undefined, { signal: stop.first })) tell(view);
    };
    // What is watched may be used by others by then.
    await withEngine(invocation, follow, { engineStays: true });
  } catch (error) {
    if (!stop.first.aborted) throw error;
  } finally {
    stop.dispose();
  }
  if (stop.first.aborted) return exitCode.interrupted;
  throw new CommandFailure({
    code: 'command.engine-ended',
    message: 'The engine ended, and the server with it.',
    remedy: `Start it again with \`forge server start\`; the log is in ${home}/logs/engine.log.`,
    exitCode: exitCode.machine,
  });
}
