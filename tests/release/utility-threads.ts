import { EventEmitter } from 'node:events';
import path from 'node:path';
import { MessageChannel, Worker, type MessagePort, type Transferable } from 'node:worker_threads';
import type { ElectronParts, UtilityChild } from '../../electron/main/electron-parts.ts';

/** Node's port as Electron hands it out: `on` gives an event with `data`, and what is posted may carry ports. */
interface ThreadPort {
  readonly port: MessagePort;
  postMessage(message: unknown): void;
  on(event: string, listener: (event?: { data: unknown }) => void): ThreadPort;
  start(): void;
  close(): void;
}

function threadPort(port: MessagePort): ThreadPort {
  const wrapped: ThreadPort = {
    port,
    postMessage: (message) => port.postMessage(message),
    on(event, listener) {
      if (event === 'message') port.on('message', (data: unknown) => listener({ data }));
      else port.on(event, () => listener());
      return wrapped;
    },
    start: () => port.start(),
    close: () => port.close(),
  };
  return wrapped;
}

class UtilityThread extends EventEmitter {
  readonly pid = process.pid;
  readonly stderr: NodeJS.ReadableStream;
  readonly #worker: Worker;

  constructor(modulePath: string, args: readonly string[]) {
    super();
    this.#worker = new Worker(path.join(import.meta.dirname, 'utility-thread-start.mjs'), {
      argv: [...args],
      workerData: { modulePath },
      stdout: true,
      stderr: true,
    });
    this.stderr = this.#worker.stderr;
    this.#worker.on('message', (message: unknown) => this.emit('message', message));
    this.#worker.on('error', (error) => this.emit('failed', error));
    this.#worker.on('exit', (code) => this.emit('exit', code));
  }

  postMessage(message: unknown, ports: readonly ThreadPort[] = []): void {
    const transferred: Transferable[] = ports.map(({ port }) => port);
    this.#worker.postMessage({ message, ports: transferred }, transferred);
  }

  kill(): boolean {
    void this.#worker.terminate();
    return true;
  }
}

export interface UtilityThreads {
  readonly electron: Pick<ElectronParts, 'utilityProcess' | 'MessageChannelMain'>;
  /** What was started, in order. */
  readonly children: readonly { readonly modulePath: string; readonly child: UtilityChild }[];
}

/**
 * Electron's utility processes as threads of this process: their entries, as they are packed, run in plain Node with the same messages and
 * ports. What a process of its own adds (fuses, the archive, signals) is not shown.
 */
export function createUtilityThreads(): UtilityThreads {
  const children: { modulePath: string; child: UtilityChild }[] = [];
  const parts = {
    utilityProcess: {
      fork(modulePath: string, args: readonly string[] = []) {
        // Electron's class has private members that nobody can fake.
        const child = new UtilityThread(modulePath, args) as unknown as UtilityChild;
        children.push({ modulePath, child });
        return child;
      },
    },
    MessageChannelMain: class {
      readonly port1: ThreadPort;
      readonly port2: ThreadPort;
      constructor() {
        const { port1, port2 } = new MessageChannel();
        [this.port1, this.port2] = [threadPort(port1), threadPort(port2)];
      }
    },
  };
  return { electron: parts as unknown as UtilityThreads['electron'], children };
}
