import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { createForgeClient, greetEngine, isForgeError, type EngineStatus, type ForgeClient } from '#contract/client.ts';
import type { EngineAddress } from '#contract/engine-address.ts';
import { protocolVersion } from '#contract/protocol-version.ts';
import type { ForgeConnection } from '#contract/resumable.ts';
import { createWebSocketLink, type WireSocket } from '#contract/wire-link.ts';
import { appVersion } from './app-version.ts';
import { interfaceAddress, isAlive, readEngineFile, wireAddress } from './engine-file.ts';
import {
  engineEntry,
  engineLogPath,
  engineLogTail,
  homeRefusal,
  startEngineProcess,
  type StartedProcess,
} from './engine-process.ts';
import { CommandFailure, exitCode } from './failure.ts';

/** A greeted connection to the engine of a home. */
export interface EngineConnection {
  readonly client: ForgeClient;
  readonly status: EngineStatus;
  /** True when this command started the engine; then it may stop it as well. */
  readonly started: boolean;
  readonly file: EngineAddress;
  readonly interfaceAddress: string;
  /** Another connection to the same engine, for `resumableEvents`; not greeted. Finds the engine anew when it was restarted. */
  reconnect(signal: AbortSignal): Promise<ForgeConnection>;
  /** Resolves when the wire is gone, whichever side closed it. */
  readonly closed: Promise<void>;
  close(): void;
}

export interface EngineSearch {
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Entry file of the engine to start; tests name their own. */
  readonly entry?: string;
  /** Longest wait for a started engine, in milliseconds. */
  readonly startTimeoutMs?: number;
}

const connectTimeoutMs = 5_000;
const defaultStartTimeoutMs = 20_000;
const pollMs = 60;

/** `ws` types its events more narrowly than the link asks for; at run time they are the same. */
function wireSocket(socket: WebSocket): WireSocket {
  return {
    get readyState() {
      return socket.readyState;
    },
    send: (message) => socket.send(message),
    addEventListener: (type, listener, options) => socket.addEventListener(type as 'message', listener, options),
    removeEventListener: (type, listener) => socket.removeEventListener(type as 'message', listener),
  };
}

async function openSocket(
  file: EngineAddress,
  signal?: AbortSignal,
): Promise<ForgeConnection & { closed: Promise<void> }> {
  const socket = new WebSocket(wireAddress(file), {
    headers: { authorization: `Bearer ${file.token}` },
    handshakeTimeout: connectTimeoutMs,
    perMessageDeflate: false,
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    const abort = (): void => {
      socket.terminate();
      reject(new Error('the connection was given up'));
    };
    signal?.addEventListener('abort', abort, { once: true });
    socket.once('open', () => resolve());
    socket.on('error', reject);
  });
  return { client: createForgeClient(createWebSocketLink(wireSocket(socket))), closed, close: () => socket.close() };
}

async function greet(file: EngineAddress, home: string, started: boolean): Promise<EngineConnection> {
  const connection = await openSocket(file);
  try {
    const status = await greetEngine(connection.client, appVersion);
    return {
      client: connection.client,
      status,
      started,
      file,
      interfaceAddress: interfaceAddress(file),
      reconnect: async (signal) => openSocket((await readEngineFile(home)) ?? file, signal),
      closed: connection.closed,
      close: connection.close,
    };
  } catch (error) {
    connection.close();
    throw error;
  }
}

/**
 * Connects to the engine that runs in this home, or returns null when none does: no engine.json, its process is gone, or
 * nothing answers (the file of a killed engine whose process id was given to another program). An engine that answers but refuses (wrong
 * token, other protocol) throws its error.
 */
export async function findEngine(home: string, started = false): Promise<EngineConnection | null> {
  const file = await readEngineFile(home);
  if (file === null || !isAlive(file.pid)) return null;
  try {
    return await greet(file, home, started);
  } catch (error) {
    const expected = isForgeError(error);
    if (expected?.code === otherVersion) throw ofOtherVersion(home, file);
    if (expected !== null) throw error;
    const refused = error instanceof Error && /Unexpected server response: (401|403|429)/.exec(error.message);
    if (refused) throw notAuthorised(home, refused[1] ?? '');
    return null;
  }
}

const otherVersion = 'engine.protocol-mismatch';

/** In words of this side: the other one's are of its own version. */
function ofOtherVersion(home: string, { version, protocol }: EngineAddress): CommandFailure {
  return new CommandFailure({
    code: otherVersion,
    message: `The engine that runs in ${home} is of another version of Forge: it is ${version} and speaks protocol ${protocol}, this command is ${appVersion} and speaks ${protocolVersion}.`,
    remedy:
      'End it with `forge stop`, then run the command again: it starts the right one, and training that runs goes on.',
    exitCode: exitCode.machine,
  });
}

/** Whether `findEngine` found an engine that only `stopOtherEngine` can end. */
export function isOfOtherVersion(error: unknown): boolean {
  return error instanceof CommandFailure && error.failure.code === otherVersion;
}

function notAuthorised(home: string, status: string): CommandFailure {
  return new CommandFailure({
    code: 'engine.not-authorised',
    message: `The engine of ${home} refused the connection: the token in engine.json is not its own (${status}).`,
    remedy: 'Stop it with `forge stop`, or remove engine.json in that folder, then try again.',
    exitCode: exitCode.machine,
  });
}

/** Connects to the engine of a home, starting one when none answers. Throws `engine.start-failed` with the end of its log. */
export async function connectEngine(search: EngineSearch): Promise<EngineConnection> {
  const running = await findEngine(search.home);
  if (running !== null) return running;
  const child = await startEngineProcess(search.home, search.environment, search.entry ?? engineEntry);
  const deadline = Date.now() + (search.startTimeoutMs ?? defaultStartTimeoutMs);
  while (Date.now() < deadline) {
    const file = await readEngineFile(search.home);
    // Two commands may start an engine at once: one of the engines wins, and both commands use it.
    const found = file === null ? null : await findEngine(search.home, file.pid === child.pid);
    if (found !== null) return found;
    if (child.ended() !== null) break;
    await sleep(pollMs);
  }
  // The loser of a double start ends before the winner listens.
  const other = child.ended() === null ? null : await waitForOther(search.home);
  if (other !== null) return other;
  throw await startFailed(search.home, child);
}

async function waitForOther(home: string): Promise<EngineConnection | null> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const found = await findEngine(home);
    if (found !== null) return found;
    await sleep(pollMs);
  }
  return null;
}

async function startFailed(home: string, child: StartedProcess): Promise<CommandFailure> {
  if (child.ended() === null && child.pid > 0) process.kill(child.pid);
  const { lines, error } = await engineLogTail(home, child.logStart);
  if (error !== null) return new CommandFailure({ ...error, exitCode: exitCode.machine });
  // On a full disk not even the log could be written.
  const refusal = lines.length === 0 ? await homeRefusal(home) : null;
  if (refusal !== null) return refusal;
  const reason = child.ended() ?? 'it did not listen in time';
  return new CommandFailure({
    code: 'engine.start-failed',
    message: `The engine did not start: ${reason}. The end of its log:\n${lines.join('\n')}`,
    remedy: `Read ${engineLogPath(home)}, then try again. \`forge doctor\` looks for the usual causes.`,
    exitCode: exitCode.machine,
  });
}

/** Asks the engine to stop and waits until its process is gone; false when it is still there after `timeoutMs`. */
export async function stopEngine(connection: EngineConnection, timeoutMs = 10_000): Promise<boolean> {
  const { pid } = connection.file;
  await connection.client.engine.stop();
  connection.close();
  return hasEnded(pid, timeoutMs);
}

/**
 * The same for an engine of another version, which takes no calls of this one: by a signal. Only after it has said so (`isOfOtherVersion`): that proves that the process in engine.json is the engine.
 * @returns its process id and whether it is gone, null when there is none any more
 */
export async function stopOtherEngine(
  home: string,
  timeoutMs = 10_000,
): Promise<{ readonly pid: number; readonly isGone: boolean } | null> {
  const file = await readEngineFile(home);
  if (file === null || !isAlive(file.pid)) return null;
  process.kill(file.pid, 'SIGTERM');
  return { pid: file.pid, isGone: await hasEnded(file.pid, timeoutMs) };
}

async function hasEnded(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await sleep(50);
  }
  return true;
}

const hurryMs = 300;

/** The end of a command that works: stops the engine when this command started it, else leaves it to the others. `hurry`: without waiting until it is gone. */
export async function leaveEngine(connection: EngineConnection, { hurry = false } = {}): Promise<void> {
  if (!connection.started) return connection.close();
  // The engine may be gone already; a command that has done its work does not fail over that.
  const stopped = stopEngine(connection).catch(() => connection.close());
  await (hurry ? Promise.race([stopped, sleep(hurryMs)]) : stopped);
}
