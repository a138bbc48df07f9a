import { join } from 'node:path';
import type { Clock } from '#core/ports/clock.ts';
import type { HostCommand, HostMessage } from '#core/ports/job-host.ts';
import { attemptFiles } from '#native-bridge/files/run-directory.ts';
import { killRun, terminateRun } from '#native-bridge/processes/run-processes.ts';
import { spawnTerminal } from '#native-bridge/processes/spawn-terminal.ts';
import { AttemptWatch } from './attempt-watch.ts';
import { ConsoleLog } from './console-log.ts';
import { ConsoleViewer } from './console-viewer.ts';

type CommandOf<K extends HostCommand['kind']> = Extract<HostCommand, { kind: K }>;

export interface JobHostOptions {
  readonly send: (message: HostMessage) => void;
  readonly clock: Clock;
  /** Words for the engine's log (the process's standard error). */
  readonly complain: (words: string) => void;
}

interface HostedRun {
  readonly watch: AttemptWatch;
  readonly log: ConsoleLog | null;
  readonly viewers: Set<number>;
}

/** Owns every terminal: starts workers, drains and stores what they print, follows their events, reports their end. */
export class JobHost {
  readonly #options: JobHostOptions;
  readonly #runs = new Map<string, HostedRun>();
  readonly #viewers = new Map<number, { readonly run: string; readonly viewer: ConsoleViewer }>();

  constructor(options: JobHostOptions) {
    this.#options = options;
  }

  /** Every command may be repeated. `shutdown` is the process's own affair. */
  handle(command: Exclude<HostCommand, { kind: 'shutdown' }>): void {
    switch (command.kind) {
      case 'start':
        return this.#start(command);
      case 'watch':
        return this.#watch(command);
      case 'acknowledge':
        return this.#runs.get(command.run)?.watch.acknowledge();
      case 'terminate':
        return terminateRun(command.directory);
      case 'kill':
        return killRun(command.directory);
      case 'attach':
        return this.#attach(command);
      case 'console-acknowledge':
        this.#viewers.get(command.viewer)?.viewer.acknowledge(command.bytes);
        return this.#pumpViewer(command.viewer);
      case 'detach':
        return this.#detach(command.viewer);
    }
  }

  /** Lets go of everything; the workers live on and write console.log themselves. */
  dispose(): void {
    for (const { watch, log } of this.#runs.values()) {
      watch.dispose();
      log?.dispose();
    }
    this.#runs.clear();
    this.#viewers.clear();
  }

  #start({ run, directory, start }: CommandOf<'start'>): void {
    if (this.#runs.has(run)) return;
    try {
      const terminal = spawnTerminal(start, directory);
      const log = this.#openLog(run, directory);
      const watch = this.#follow({ run, directory, offset: 0 }, true);
      this.#runs.set(run, { watch, log, viewers: new Set() });
      terminal.onBytes((bytes) => log.append(bytes));
      terminal.onExit((exit) => watch.terminalEnded(exit));
      this.#options.send({ kind: 'started', run, pid: terminal.pid });
    } catch (error) {
      this.#options.send({ kind: 'start-failed', run, reason: (error as Error).message });
    }
  }

  #watch({ run, directory, offset }: CommandOf<'watch'>): void {
    const known = this.#runs.get(run);
    const watch = known?.watch ?? this.#follow({ run, directory, offset }, false);
    if (known === undefined) this.#runs.set(run, { watch, log: null, viewers: new Set() });
    this.#options.send({ kind: 'watched', run, alive: watch.probe() });
  }

  #follow(what: { run: string; directory: string; offset: number }, terminal: boolean): AttemptWatch {
    const { clock, send } = this.#options;
    return new AttemptWatch({
      ...what,
      terminal,
      clock,
      send,
      onEnded: () => this.#forget(what.run),
      onPolled: () => this.#pumpRun(what.run),
    });
  }

  #openLog(run: string, directory: string): ConsoleLog {
    return new ConsoleLog({
      path: join(directory, attemptFiles.console),
      clock: this.#options.clock,
      onFlushed: () => this.#pumpRun(run),
      onLost: (bytes, reason) => this.#options.complain(`${run}: ${bytes} console bytes not written: ${reason}`),
    });
  }

  #forget(run: string): void {
    const hosted = this.#runs.get(run);
    hosted?.log?.dispose();
    this.#runs.delete(run);
    // What is left is in the file now; viewers without more to read end.
    for (const viewer of hosted?.viewers ?? []) this.#pumpViewer(viewer);
  }

  #attach({ viewer, run, directory, offset }: CommandOf<'attach'>): void {
    const path = join(directory, attemptFiles.console);
    const { send } = this.#options;
    this.#viewers.set(viewer, { run, viewer: new ConsoleViewer({ viewer, offset, path, send }) });
    this.#runs.get(run)?.viewers.add(viewer);
    this.#pumpViewer(viewer);
  }

  #detach(viewer: number): void {
    const known = this.#viewers.get(viewer);
    if (known !== undefined) this.#runs.get(known.run)?.viewers.delete(viewer);
    this.#viewers.delete(viewer);
  }

  #pumpRun(run: string): void {
    for (const viewer of this.#runs.get(run)?.viewers ?? []) this.#pumpViewer(viewer);
  }

  #pumpViewer(id: number): void {
    const known = this.#viewers.get(id);
    if (known === undefined) return;
    const hosted = this.#runs.get(known.run);
    const hasAll = known.viewer.pump(hosted?.log?.ring ?? null);
    if (!hasAll || hosted !== undefined) return;
    known.viewer.end();
    this.#viewers.delete(id);
  }
}
