import { planRestart, restartWindowMs } from '#core/jobs/restart-policy.ts';
import type { Clock, Timer } from '#core/ports/clock.ts';
import type { HostCommand, HostMessage, JobHostConnection, JobHostStarter } from '#core/ports/job-host.ts';
import type { Logger } from '#core/ports/logger.ts';

const checkMs = 1_000;
/**
 * Checks without any message after which the host counts as hung. Checks are counted, not time: when this process itself
 * was held up, one late check follows and not five.
 */
const silentChecks = 5;
/** A host that is starting loads natives first. */
const silentChecksAtStart = 30;
/** A host that is told to leave has this long. */
const shutdownMs = 3_000;

export interface HostSupervisorOptions {
  readonly starter: JobHostStarter;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Messages of the present host only. */
  readonly onMessage: (message: HostMessage) => void;
  /** A host is up; it knows nothing yet. */
  readonly onUp: () => void;
}

/** Keeps one job host alive: heartbeat, restart with back-off, at most 5 in 10 minutes. */
export class HostSupervisor {
  readonly #options: HostSupervisorOptions;
  #connection: JobHostConnection | null = null;
  #up = false;
  #silent = 0;
  #restarts: number[] = [];
  #check: Timer | null = null;
  #restart: Timer | null = null;
  #stopped = true;
  #waiting: (() => void)[] = [];

  constructor(options: HostSupervisorOptions) {
    this.#options = options;
  }

  /** Pid of the present host, or null while there is none. */
  get pid(): number | null {
    return this.#connection?.pid ?? null;
  }

  start(): void {
    this.#stopped = false;
    this.#check = this.#options.clock.every(checkMs, () => this.#onCheck());
    this.#connect();
  }

  /** Lets the host go and waits until it is gone; its workers live on. Repeatable. */
  async stop(): Promise<void> {
    const connection = this.#connection;
    this.#stopped = true;
    this.#check?.cancel();
    this.#restart?.cancel();
    this.#connection = null;
    this.#up = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
    if (connection !== null) await this.#letGo(connection);
  }

  #letGo(connection: JobHostConnection): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.clock.after(shutdownMs, () => {
        connection.kill();
        resolve();
      });
      connection.onExit(() => {
        timer.cancel();
        resolve();
      });
      connection.send({ kind: 'shutdown' });
    });
  }

  /** Resolves when a host is up, or when this was stopped. */
  whenUp(): Promise<void> {
    if (this.#up || this.#stopped) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Sends to the present host; without one the command is dropped: `onUp` starts afresh. */
  send(command: HostCommand): void {
    if (this.#up) this.#connection?.send(command);
  }

  #connect(): void {
    const connection = this.#options.starter.start();
    this.#connection = connection;
    this.#silent = 0;
    connection.onMessage((message) => {
      if (this.#connection === connection) this.#onMessage(message);
    });
    connection.onExit(() => {
      if (this.#connection === connection) this.#onGone();
    });
  }

  #onMessage(message: HostMessage): void {
    this.#silent = 0;
    if (message.kind === 'heartbeat') return;
    if (message.kind !== 'ready') {
      this.#options.onMessage(message);
      return;
    }
    this.#up = true;
    this.#options.logger.info({ pid: message.pid }, 'job host is up');
    this.#options.onUp();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #onCheck(): void {
    if (this.#connection === null) return;
    this.#silent += 1;
    if (this.#silent < (this.#up ? silentChecks : silentChecksAtStart)) return;
    this.#options.logger.error({ pid: this.#connection.pid }, 'job host does not answer and is ended');
    this.#connection.kill();
    this.#onGone();
  }

  #onGone(): void {
    this.#connection = null;
    this.#up = false;
    if (this.#stopped) return;
    const { clock, logger } = this.#options;
    const nowMs = clock.monotonicMs();
    const plan = planRestart(this.#restarts, nowMs);
    this.#restarts = [...this.#restarts.filter((time) => nowMs - time < restartWindowMs), nowMs + plan.afterMs];
    logger[plan.limitReached ? 'error' : 'warn']({ ...plan }, 'job host is gone and will be started again');
    this.#restart = clock.after(plan.afterMs, () => this.#connect());
  }
}
