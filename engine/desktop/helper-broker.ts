import type { DesktopMessage, DesktopPort, ParentPort } from './parent-port.ts';
import { kindOf } from './parent-port.ts';

/** Helper processes of the engine, as Electron's main knows them (electron/main/engine-process.ts). */
export type HelperKind = 'job-host' | 'model';

/** One life of a helper process; messages go over a channel of their own, not through main. */
export interface HelperProcess<In, Out> {
  /** Null until main has started it. */
  readonly pid: number | null;
  send(message: In): void;
  onMessage(listener: (message: Out) => void): void;
  /** Each listener is called once when the process is gone; `reason` is for a person. */
  onExit(listener: (reason: string) => void): void;
  kill(): void;
}

export interface HelperBroker {
  fork<In, Out>(what: HelperKind): HelperProcess<In, Out>;
  /** To be called with every message of main. */
  onMessage(message: DesktopMessage): void;
}

/** An engine in a utility process cannot fork: it asks main to, which gives both sides one end of a channel. */
export function createHelperBroker(parent: Pick<ParentPort, 'postMessage'>): HelperBroker {
  const helpers = new Map<number, Helper>();
  let forked = 0;
  return {
    fork<In, Out>(what: HelperKind): HelperProcess<In, Out> {
      forked += 1;
      const id = forked;
      const helper = new Helper(() => parent.postMessage({ kind: 'kill', id }));
      helpers.set(id, helper);
      parent.postMessage({ kind: 'fork', id, what });
      return helper as HelperProcess<In, Out>;
    },
    onMessage({ data, ports }) {
      const kind = kindOf(data);
      if (kind !== 'helper' && kind !== 'helper-ended') return;
      const { id, pid = null, reason = '' } = data as { id: number; pid?: number | null; reason?: string };
      const helper = helpers.get(id);
      if (helper === undefined) return;
      const [port] = ports;
      if (kind === 'helper-ended') {
        helpers.delete(id);
        helper.end(reason);
      } else if (port !== undefined) helper.open(port, pid);
    },
  };
}

class Helper implements HelperProcess<unknown, unknown> {
  readonly #kill: () => void;
  readonly #listeners: ((message: unknown) => void)[] = [];
  readonly #exitListeners: ((reason: string) => void)[] = [];
  /** What was said before the channel came. */
  readonly #unsent: unknown[] = [];
  #port: DesktopPort | null = null;
  #ended: string | null = null;
  #pid: number | null = null;

  constructor(kill: () => void) {
    this.#kill = kill;
  }

  get pid(): number | null {
    return this.#pid;
  }

  send(message: unknown): void {
    if (this.#ended !== null) return;
    if (this.#port === null) this.#unsent.push(message);
    else this.#port.postMessage(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listeners.push(listener);
  }

  onExit(listener: (reason: string) => void): void {
    if (this.#ended === null) this.#exitListeners.push(listener);
    else listener(this.#ended);
  }

  kill(): void {
    this.#kill();
  }

  open(port: DesktopPort, pid: number | null): void {
    this.#pid = pid;
    this.#port = port;
    port.on('message', (event) => {
      for (const listener of this.#listeners) listener(event?.data);
    });
    port.start();
    for (const message of this.#unsent.splice(0)) port.postMessage(message);
  }

  end(reason: string): void {
    if (this.#ended !== null) return;
    this.#ended = reason;
    this.#port?.close();
    for (const listener of this.#exitListeners.splice(0)) listener(reason);
  }
}
