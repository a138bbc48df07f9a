import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { greetEngine, type ForgeClient } from '#contract/client.ts';
import { appVersion, openWire } from '../harness/engine-under-test.ts';
import { inRepository } from '../harness/places.ts';
import { windowFolder } from './built-window.ts';

const worker = path.join(import.meta.dirname, 'flood_worker.py');
const startedMessage = z.object({ url: z.string(), token: z.string() });
const jobMessage = z.object({ job: z.string() });
const endedMessage = z.object({ subscriptionEnded: z.number() });
const patienceMs = 60_000;

/** What `flood_worker.py` does for how long. */
export interface Flood {
  /** Silence between its first word and the flood; default none. */
  readonly delaySeconds?: number;
  readonly seconds: number;
  readonly linesPerSecond?: number;
  readonly metricsPerSecond?: number;
}

/** The real job service and the real wire behind the built window, with a worker that floods: tests/fixtures/window-engine.ts. */
export interface FloodEngine {
  /** Of the window, with its token. */
  readonly url: string;
  readonly client: ForgeClient;
  submit(flood: Flood): Promise<string>;
  /** Resolves once the worker of the job has said its first word. */
  runs(job: string): Promise<void>;
  /** Resolves with the Unix time (ms) at which the work of the next subscription to leave ended. */
  subscriptionEnded(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts it on a home of its own; python3 must be there, and the window built (`buildWindow`, `withPageEngine`). */
export async function startFloodEngine(): Promise<FloodEngine> {
  const engine = fork(inRepository('tests', 'fixtures', 'window-engine.ts'), [worker, windowFolder], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const { url, token } = startedMessage.parse(await nextMessage(engine, startedMessage));
  const connection = await openWire(`${url.replace('http', 'ws')}/rpc`, token);
  await greetEngine(connection.client, appVersion);
  const { client } = connection;
  const subscriptionEnded = async (): Promise<number> => (await nextMessage(engine, endedMessage)).subscriptionEnded;
  return {
    url: `${url}/?token=${token}`,
    client,
    async submit(payload) {
      const answer = nextMessage(engine, jobMessage);
      engine.send({ payload });
      return (await answer).job;
    },
    async runs(job) {
      const left = subscriptionEnded();
      for await (const { events } of await client.runs.subscribe({ job }, { signal: AbortSignal.timeout(patienceMs) }))
        if (events.length > 0) break;
      // Its own end must not be taken for that of a later one.
      await left;
    },
    subscriptionEnded,
    async stop() {
      connection.close();
      engine.disconnect();
      const ended = await Promise.race([whenEnded(engine), sleep(10_000).then(() => false)]);
      if (!ended) engine.kill('SIGKILL');
    },
  };
}

/** The next message of this shape; others are for somebody else. */
function nextMessage<T>(child: ChildProcess, shape: z.ZodType<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void =>
      reject(new Error(`the process with the job service ended with ${code}`));
    const onMessage = (message: unknown): void => {
      const parsed = shape.safeParse(message);
      if (!parsed.success) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(parsed.data);
    };
    child.on('message', onMessage);
    child.once('exit', onExit);
  });
}

function whenEnded(child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null) return Promise.resolve(true);
  return new Promise((resolve) => child.once('exit', () => resolve(true)));
}
