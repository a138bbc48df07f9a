import { ForgeError } from '#contract/errors.ts';
import type { Logger } from '#core/ports/logger.ts';
import {
  firstServerState,
  isListening,
  isSettled,
  next,
  type ServerAddress,
  type ServerEffect,
  type ServerEvent,
  type ServerMachineState,
} from '#core/serving/server-machine.ts';
import { toForgeErrorData } from '../error-data.ts';
import type { OpenAiServer } from '../http/openai-server.ts';

export interface ServerDriverOptions {
  /** Opens the server. @throws ForgeError `engine.port-taken`, `engine.not-loopback`, `serving.address-not-usable` */
  readonly open: (address: ServerAddress & { readonly onDied: (reason: string) => void }) => Promise<OpenAiServer>;
  /** Gives the memory of the models back, once running answers have ended. */
  readonly release: () => Promise<void>;
  /** Called after every move. */
  readonly onMove: (state: ServerMachineState, before: ServerMachineState) => void;
  readonly logger: Logger;
}

/** Carries out what the server machine decides. Any number of callers may ask for anything at any time. */
export interface ServerDriver {
  state(): ServerMachineState;
  /** Tells the machine; what it refuses is left out. */
  tell(event: ServerEvent): void;
  /** Tells the machine and waits until nothing is under way. Rejects with the failure when the server failed. */
  ask(event: ServerEvent): Promise<void>;
  /** Proves that it could be opened there, unless it listens or is about to. */
  probe(address: ServerAddress): Promise<void>;
}

export function createServerDriver(options: ServerDriverOptions): ServerDriver {
  return new MachineDriver(options);
}

class MachineDriver implements ServerDriver {
  readonly #options: ServerDriverOptions;
  #state = firstServerState;
  #server: OpenAiServer | null = null;
  #failure: unknown = null;
  /** Effects and probes, one behind the other; ends when nothing is under way. */
  #work: Promise<unknown> = Promise.resolve();

  constructor(options: ServerDriverOptions) {
    this.#options = options;
  }

  state(): ServerMachineState {
    return this.#state;
  }

  tell(event: ServerEvent): void {
    const { logger, onMove } = this.#options;
    const before = this.#state;
    const move = next(before, event);
    if (move.kind === 'refused') return logger.debug({ state: before.name, event: event.kind }, move.reason);
    if (move.state.name !== before.name) logger.debug({ from: before.name, to: move.state.name }, 'server state');
    this.#state = move.state;
    for (const effect of move.effects) void this.#inTurn(() => this.#carryOut(effect));
    onMove(move.state, before);
  }

  async ask(event: ServerEvent): Promise<void> {
    this.tell(event);
    // An effect that ends may have begun the next one.
    for (let seen: unknown = null; seen !== this.#work;) {
      seen = this.#work;
      await seen;
    }
    if (this.#state.name === 'failed') throw this.#failure;
  }

  probe(address: ServerAddress): Promise<void> {
    return this.#inTurn(async () => {
      if (isListening(this.#state) || !isSettled(this.#state)) return;
      await (await this.#options.open({ ...address, onDied: () => undefined })).close();
    });
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#work.then(run);
    this.#work = result.catch(() => undefined);
    return result;
  }

  async #carryOut(effect: ServerEffect): Promise<void> {
    if (effect.kind === 'open') return this.#open(effect.address);
    if (effect.kind === 'close') return this.#close();
    const { release, logger } = this.#options;
    // Not waited for: an answer in the window may take long, and the server is stopped all the same.
    release().catch((error: unknown) => logger.warn({ error: String(error) }, 'a model stays in memory'));
  }

  async #open(address: ServerAddress): Promise<void> {
    const onDied = (reason: string): void => {
      const { host, port } = this.#state.address ?? address;
      this.tell({
        kind: 'crashed',
        failure: this.#failed(new ForgeError('serving.stopped-listening', { host, port, reason })),
      });
    };
    try {
      this.#server = await this.#options.open({ ...address, onDied });
    } catch (error) {
      return this.tell({ kind: 'listen-failed', failure: this.#failed(error) });
    }
    const { host, port, baseUrl: url } = this.#server;
    this.#options.logger.info({ url }, 'OpenAI-compatible server listens');
    this.tell({ kind: 'listening', address: { host, port }, url });
  }

  async #close(): Promise<void> {
    try {
      await this.#server?.close();
    } catch (error) {
      this.#options.logger.warn({ error: String(error) }, 'the server did not close cleanly');
    }
    this.#server = null;
    this.tell({ kind: 'closed' });
  }

  #failed(error: unknown) {
    this.#failure = error;
    return toForgeErrorData(error, this.#options.logger);
  }
}
