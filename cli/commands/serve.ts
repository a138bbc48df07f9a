import { randomUUID } from 'node:crypto';
import { exitCode } from '../failure.ts';
import { numberValue, textValue, type Invocation } from '../invocation.ts';
import { findModel, modelTag } from '../model-reference.ts';
import { printResult } from '../output.ts';
import { serveUntilStopped } from '../serve-until-stopped.ts';
import { listenForStop } from '../stop-signal.ts';
import { withEngine } from '../with-engine.ts';

/** `forge serve`: the OpenAI-compatible server until Ctrl-C, or until it is stopped elsewhere (exit code 4). With `--json` the server's state is printed once it listens. */
export async function runServe(invocation: Invocation): Promise<number> {
  const stop = listenForStop();
  try {
    return await withEngine(invocation, async (connection) => {
      const model = modelTag(await findModel(connection.client, invocation.words[0] ?? ''));
      const status = await connection.client.serving.start({
        port: numberValue(invocation, 'port') ?? null,
        host: textValue(invocation, 'host') ?? null,
        requestId: randomUUID(),
      });
      if (invocation.json)
        printResult(invocation, { model, url: status.url, models: status.models.map(({ name }) => name) }, () => []);
      const end = await serveUntilStopped({ invocation, connection, stop }, { model, url: status.url ?? '' });
      return end === 'asked' ? exitCode.done : exitCode.stopped;
    });
  } finally {
    stop.dispose();
  }
}
