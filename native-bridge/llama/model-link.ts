import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ForgeError } from '#contract/errors.ts';
import type { FromModelProcess, ToModelProcess } from './model-protocol.ts';

/** A started model process as its parent sees it; tests give one without a process. */
export interface ModelProcess {
  readonly pid: number | null;
  send(message: ToModelProcess): void;
  onMessage(listener: (message: FromModelProcess) => void): void;
  /** Called once. `reason` is for a person: the exit code or signal, and the last line the process wrote. */
  onExit(listener: (reason: string) => void): void;
  kill(): void;
}

export type StartModelProcess = () => ModelProcess;

/** How much of what the process writes to stderr is kept for the message about a crash, in characters. */
const keptErrorCharacters = 2_000;

/** Starts the model process with Node itself. `entry` lies beside this file unless a bundle says otherwise. */
export function forkModelProcess(entry = fileURLToPath(new URL('./model-process.ts', import.meta.url))): ModelProcess {
  const child: ChildProcess = fork(entry, [], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  let errors = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => {
    errors = (errors + text).slice(-keptErrorCharacters);
  });
  return {
    pid: child.pid ?? null,
    send: (message) => {
      // A failing send means that the process is gone: its exit is reported by 'exit'.
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage: (listener) => child.on('message', (message) => listener(message as FromModelProcess)),
    onExit: (listener) => {
      child.once('error', (error) => listener(`it did not start: ${error.message}`));
      child.once('close', (code, signal) => {
        const lastLine = errors.trim().split('\n').at(-1) ?? '';
        listener(
          [signal ? `signal ${signal}` : `exit code ${code}`, lastLine.slice(0, 200)].filter(Boolean).join(': '),
        );
      });
    },
    kill: () => child.kill('SIGKILL'),
  };
}

type Answer = Exclude<FromModelProcess, { kind: 'ready' } | { kind: 'chat-delta' }>;

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (failure: Error) => void;
  readonly onText: (text: string) => void;
}

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** One life of a model process: calls with answers. When the process ends, every open call is rejected with one clean error. */
export class ModelLink {
  readonly #process: ModelProcess;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #endedBecause: string | null = null;
  #closing = false;
  /** Resolves when the process is gone; `crashed` is false when it was told to end. */
  readonly ended: Promise<{ readonly crashed: boolean; readonly reason: string }>;

  constructor(start: StartModelProcess) {
    this.#process = start();
    this.#process.onMessage((message) => this.#receive(message));
    this.ended = new Promise((resolve) => {
      this.#process.onExit((reason) => {
        this.#endedBecause = reason;
        const failure = this.#closing
          ? new ForgeError('serving.cancelled')
          : new ForgeError('serving.crashed', { reason });
        for (const { reject } of this.#pending.values()) reject(failure);
        this.#pending.clear();
        resolve({ crashed: !this.#closing, reason });
      });
    });
  }

  get pid(): number | null {
    return this.#process.pid;
  }

  get alive(): boolean {
    return this.#endedBecause === null;
  }

  /** Sends one message; `answer` settles with its answer. `onText` gets the pieces of a chat. */
  call(
    message: WithoutId<ToModelProcess>,
    onText: (text: string) => void = () => undefined,
  ): { id: number; answer: Promise<Answer> } {
    const id = this.#nextId;
    this.#nextId += 1;
    const answer = new Promise<Answer>((resolve, reject) => {
      if (this.#endedBecause !== null) {
        reject(new ForgeError('serving.crashed', { reason: this.#endedBecause }));
        return;
      }
      this.#pending.set(id, { resolve, reject, onText });
      this.#process.send({ ...message, id } as ToModelProcess);
    });
    return { id, answer };
  }

  cancel(id: number): void {
    this.#process.send({ kind: 'cancel', id });
  }

  /** Ends the process on purpose. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#process.kill();
    await this.ended;
  }

  /** Ends a process that does not react; to its callers this is a crash. */
  kill(): void {
    this.#process.kill();
  }

  #receive(message: FromModelProcess): void {
    if (message.kind === 'ready') return;
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    if (message.kind === 'chat-delta') {
      pending.onText(message.text);
      return;
    }
    this.#pending.delete(message.id);
    if (message.kind === 'failed') pending.reject(new ForgeError(message.code, message.detail));
    else pending.resolve(message);
  }
}
