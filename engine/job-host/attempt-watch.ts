import { watch, type FSWatcher } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { Clock, Timer } from '#core/ports/clock.ts';
import type { AttemptExit, HostMessage } from '#core/ports/job-host.ts';
import { readFileTail } from '#native-bridge/files/read-file-tail.ts';
import { createEventTail, type EventTail, type TailBatch } from '#native-bridge/files/run-directory-tail.ts';
import { attemptFiles, readExitFile } from '#native-bridge/files/run-directory.ts';
import { createRunProbe } from '#native-bridge/processes/run-processes.ts';

const pollMs = 100;
/** A process without a terminal of ours is looked for at every so many polls. */
const pollsPerProbe = 3;
const batchEvents = 256;
/** Messages the engine has not taken in yet; then reading waits, the file keeps the rest. */
const maximumInFlight = 4;
const consoleTailBytes = 2_000;

export interface AttemptWatchOptions {
  readonly run: string;
  readonly directory: string;
  readonly offset: number;
  /** A terminal of this host: its end is awaited before the process is looked for. */
  readonly terminal: boolean;
  readonly clock: Clock;
  readonly send: (message: HostMessage) => void;
  /** After the `exited` message. */
  readonly onEnded: () => void;
  /** At every poll, for viewers without a terminal. */
  readonly onPolled: () => void;
}

/** Follows one attempt: its events to the engine in order, then its exit as the very last message. */
export class AttemptWatch {
  readonly #options: AttemptWatchOptions;
  readonly #tail: EventTail;
  readonly #isAlive: () => boolean;
  readonly #poll: Timer;
  #watcher: FSWatcher | null = null;
  #inFlight = 0;
  #sentOffset: number;
  #polls = 0;
  #wakeup: NodeJS.Immediate | null = null;
  #terminalOpen: boolean;
  #terminalExit: { exitCode: number; signal: number } | null = null;
  #dead = false;

  constructor(options: AttemptWatchOptions) {
    this.#options = options;
    this.#terminalOpen = options.terminal;
    this.#sentOffset = options.offset;
    this.#tail = createEventTail(join(options.directory, attemptFiles.events), options.offset);
    this.#isAlive = createRunProbe(options.directory);
    this.#poll = options.clock.every(pollMs, () => this.#onPoll());
    this.#watcher = this.#watchFolder();
  }

  /** Looks once whether the attempt lives. */
  probe(): boolean {
    return this.#terminalOpen || this.#isAlive();
  }

  terminalEnded(exit: { exitCode: number; signal: number }): void {
    this.#terminalOpen = false;
    this.#terminalExit = exit;
    this.#checkAlive();
  }

  acknowledge(): void {
    this.#inFlight = Math.max(0, this.#inFlight - 1);
    this.#pump();
  }

  dispose(): void {
    this.#poll.cancel();
    this.#watcher?.close();
    this.#watcher = null;
    if (this.#wakeup !== null) clearImmediate(this.#wakeup);
    this.#tail.dispose();
  }

  #watchFolder(): FSWatcher | null {
    try {
      const watcher = watch(this.#options.directory, () => {
        this.#wakeup ??= setImmediate(() => {
          this.#wakeup = null;
          this.#pump();
        });
      });
      // Some file systems cannot be watched, or the limit of watches is reached: the poll alone is enough.
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch {
      return null;
    }
  }

  #onPoll(): void {
    this.#options.onPolled();
    this.#polls += 1;
    if (!this.#terminalOpen && this.#polls % pollsPerProbe === 0) this.#checkAlive();
    this.#pump();
  }

  #checkAlive(): void {
    if (this.#dead || this.#terminalOpen || this.#isAlive()) return;
    this.#dead = true;
    this.#pump();
  }

  #pump(): void {
    while (this.#inFlight < maximumInFlight) {
      const batch = this.#tail.read(batchEvents);
      if (batch.events.length === 0 && batch.nextOffset === this.#sentOffset) {
        if (this.#dead) this.#end();
        return;
      }
      this.#sendBatch(batch);
    }
  }

  #sendBatch({ events, nextOffset, losses }: TailBatch): void {
    this.#inFlight += 1;
    this.#sentOffset = nextOffset;
    this.#options.send({ kind: 'events', run: this.#options.run, events, nextOffset, losses });
  }

  #end(): void {
    this.#sendBatch(this.#tail.finish());
    const consolePath = join(this.#options.directory, attemptFiles.console);
    const consoleTail = plainText(readFileTail(consolePath, consoleTailBytes));
    this.#options.send({ kind: 'exited', run: this.#options.run, exit: this.#exit(), consoleTail });
    this.dispose();
    this.#options.onEnded();
  }

  /** The launcher's word first; the terminal only knows the launcher's own end, which is enough when it never got to start. */
  #exit(): AttemptExit {
    const file = readExitFile(this.#options.directory);
    if (file !== null) return { exitCode: file.exitCode, signal: file.signal, source: 'exit-file' };
    if (this.#terminalExit === null) return { exitCode: null, signal: null, source: 'vanished' };
    const { exitCode, signal } = this.#terminalExit;
    if (signal === 0) return { exitCode, signal: null, source: 'terminal' };
    return { exitCode: null, signal: signalName(signal), source: 'terminal' };
  }
}

function signalName(number: number): string {
  const entry = Object.entries(constants.signals).find(([, value]) => value === number);
  return entry?.[0] ?? `signal ${number}`;
}

/** Text without control sequences, for a sentence. ECMA-48: CSI and OSC sequences, then the single control characters. */
function plainText(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  return text.replace(/\x1b(\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|.)/g, '').replace(/[^\P{Cc}\n]/gu, '');
}
