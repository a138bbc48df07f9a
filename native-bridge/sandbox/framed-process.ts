import { spawn, type ChildProcess } from 'node:child_process';
import { killProcessTree } from '../processes/process-tree.ts';
import { progressOf, type ChannelEnd, type ChannelQuestion, type SandboxChannel } from './channel.ts';

export interface FramedProcessOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Largest frame that is taken; a longer one ends the process before it is read. */
  readonly frameBytes: number;
  readonly signal: AbortSignal | undefined;
  /** The first frame it is given, before it says that it is ready. */
  readonly greeting?: string;
  /** Read end of extra descriptors from 3 on, each with what is written into it. */
  readonly descriptors?: readonly Uint8Array[];
}

const headBytes = 4;
/** Of what it wrote to standard error, for the reason of a crash. */
const keptErrorCharacters = 2_000;

type Waiting = { readonly settle: (end: ChannelEnd) => void; readonly restart: () => void };

/**
 * A program that speaks frames (4 bytes of length, big endian, then UTF-8) over its standard input and output. Nothing it writes is trusted: a frame over the
 * limit, bytes nobody asked for and silence beyond the time each end it.
 */
class FramedProcess implements SandboxChannel {
  readonly #child: ChildProcess;
  readonly #frameBytes: number;
  readonly #signal: AbortSignal | undefined;
  readonly #exited: Promise<void>;
  #chunks: Buffer[] = [];
  #gathered = 0;
  #wanted: number | null = null;
  #waiting: Waiting | null = null;
  #ended: Extract<ChannelEnd, { kind: 'ended' }> | null = null;
  #at: number | null = null;
  #errors = '';
  readonly #onAbort = (): void => this.#end('crash', 'it was stopped');

  constructor(options: FramedProcessOptions) {
    const { program, args, environment, frameBytes, signal, greeting, descriptors = [] } = options;
    this.#frameBytes = frameBytes;
    this.#signal = signal;
    this.#child = spawn(program, args, {
      env: environment,
      stdio: ['pipe', 'pipe', 'pipe', ...descriptors.map(() => 'pipe' as const)],
      windowsHide: true,
      detached: process.platform !== 'win32',
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#exited = promise;
    this.#child.once('error', (error) => {
      this.#end('crash', error.message);
      resolve();
    });
    this.#child.once('close', (code, name) => {
      const how = name === null ? `it ended with code ${code}` : `it was ended (${name})`;
      this.#end('crash', this.#errors.trim() || how);
      resolve();
    });
    this.#connect(descriptors);
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (signal?.aborted === true) this.#onAbort();
    else if (greeting !== undefined) this.#send(greeting);
  }

  #connect(descriptors: readonly Uint8Array[]): void {
    // A process that has ended closes its pipes: the end itself is the answer, not EPIPE.
    for (const stream of this.#child.stdio) stream?.on('error', () => undefined);
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk.toString('utf8')).slice(-keptErrorCharacters);
    });
    for (const [index, bytes] of descriptors.entries()) {
      const stream = this.#child.stdio[index + 3];
      if (stream !== null && stream !== undefined && 'end' in stream) stream.end(bytes);
    }
  }

  ask({ text, timeoutMs }: ChannelQuestion): Promise<ChannelEnd> {
    if (this.#ended !== null) return Promise.resolve(this.#ended);
    if (this.#waiting !== null) throw new Error('a sandbox was asked twice at once');
    const { promise, resolve } = Promise.withResolvers<ChannelEnd>();
    const seconds = Math.round(timeoutMs / 100) / 10;
    const timer = setTimeout(() => this.#end('time', `it took longer than ${seconds} s`), timeoutMs);
    this.#at = null;
    this.#waiting = {
      restart: () => void timer.refresh(),
      settle: (end) => {
        clearTimeout(timer);
        this.#waiting = null;
        resolve(end);
      },
    };
    if (text !== '') this.#send(text);
    return promise;
  }

  #send(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    const head = Buffer.alloc(headBytes);
    head.writeUInt32BE(bytes.length);
    this.#child.stdin?.write(Buffer.concat([head, bytes]));
  }

  async close(): Promise<void> {
    this.#end('crash', 'it was closed');
    await this.#exited;
  }

  #end(why: 'time' | 'output' | 'crash', reason: string): void {
    if (this.#ended !== null) return;
    this.#ended = { kind: 'ended', why, reason, at: this.#at };
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#chunks = [];
    const { pid, exitCode, signalCode } = this.#child;
    // The number of a process that is gone may be another's already.
    if (pid !== undefined && exitCode === null && signalCode === null) killProcessTree(pid);
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
    this.#waiting?.settle(this.#ended);
  }

  #take(chunk: Buffer): void {
    if (this.#ended !== null) return;
    if (this.#waiting === null) return this.#end('crash', 'it wrote without being asked');
    this.#chunks.push(chunk);
    this.#gathered += chunk.length;
    for (let frame = this.#nextFrame(); frame !== null; frame = this.#nextFrame()) this.#hand(frame);
  }

  #hand(text: string): void {
    const at = progressOf(text);
    if (at === null) return this.#waiting?.settle({ kind: 'text', text });
    this.#at = at;
    this.#waiting?.restart();
  }

  #nextFrame(): string | null {
    if (this.#ended !== null) return null;
    if (this.#wanted === null) {
      const head = this.#cut(headBytes);
      if (head === null) return null;
      this.#wanted = head.readUInt32BE();
      if (this.#wanted > this.#frameBytes) {
        this.#end('output', `one answer had more than ${this.#frameBytes} bytes`);
        return null;
      }
    }
    const body = this.#cut(this.#wanted);
    if (body === null) return null;
    this.#wanted = null;
    return body.toString('utf8');
  }

  /** The next bytes, once they are all there. */
  #cut(length: number): Buffer | null {
    if (this.#gathered < length) return null;
    const all = this.#chunks.length === 1 ? (this.#chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#chunks);
    this.#chunks = all.length === length ? [] : [all.subarray(length)];
    this.#gathered -= length;
    return all.subarray(0, length);
  }
}

/** Starts it; it answers with a first frame when it is ready (ask with an empty text). */
export function startFramedProcess(options: FramedProcessOptions): SandboxChannel {
  return new FramedProcess(options);
}
