import path from 'node:path';
import { createForgeClient, greetEngine, type ForgeClient } from '#contract/client.ts';
import { createMessagePortLink } from '#contract/wire-link.ts';
import type { ModelProcess } from '#native-bridge/llama/model-link.ts';
import { createEngineProcess, type EngineFiles, type EngineState } from '../../electron/main/engine-process.ts';
import { createUtilityThreads } from './utility-threads.ts';

export interface PackedEngine {
  readonly client: ForgeClient;
  /** Entries of the helpers that the engine has asked for. */
  helpers(): readonly string[];
  stop(): Promise<void>;
}

/** Starts the packed engine as the desktop shell does, and greets it as a window does. */
export async function startPackedEngine(files: EngineFiles): Promise<PackedEngine> {
  const threads = createUtilityThreads();
  const lines: string[] = [];
  const said = (): string => lines.join('').slice(-2_000);
  let onState: (state: EngineState) => void = () => undefined;
  const engine = createEngineProcess({
    electron: threads.electron,
    files,
    log: (line) => lines.push(line),
    onState: (state) => onState(state),
    now: () => Date.now(),
    wait: (milliseconds, then) => void setTimeout(then, milliseconds).unref(),
  });
  await new Promise<void>((resolve, reject) => {
    onState = (state) => {
      if (state.kind === 'running') resolve();
      else reject(new Error(`the packed engine is ${JSON.stringify(state)}: ${said()}`));
    };
    engine.start();
    threads.children[0]?.child.on('failed' as 'exit', (error: unknown) => lines.push(String(error)));
  });
  const { port1, port2 } = new threads.electron.MessageChannelMain();
  engine.connect(port1);
  const client = createForgeClient(createMessagePortLink(port2));
  port2.start();
  await greetEngine(client, files.version);
  return {
    client,
    helpers: () => threads.children.slice(1).map(({ modulePath }) => path.basename(modulePath)),
    async stop() {
      await engine.stop();
      port2.close();
    },
  };
}

/** The packed model process, spoken to over a channel of its own as the engine does. */
export function startPackedModel(entry: string): ModelProcess {
  const { electron } = createUtilityThreads();
  const child = electron.utilityProcess.fork(entry);
  const { port1, port2 } = new electron.MessageChannelMain();
  let errors = '';
  child.stderr?.on('data', (bytes: Buffer) => (errors += bytes.toString('utf8')));
  child.postMessage({ kind: 'engine' }, [port1]);
  port2.start();
  return {
    pid: child.pid ?? null,
    send: (message) => port2.postMessage(message),
    onMessage: (listener) => port2.on('message', ({ data }) => listener(data as never)),
    onExit: (listener) =>
      child.once('exit', (code) => {
        port2.close();
        listener(`exit code ${code}: ${errors.slice(-2_000)}`);
      }),
    kill: () => void child.kill(),
  };
}
