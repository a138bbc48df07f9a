import { readFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { ForgeError } from '#contract/errors.ts';
import { startEngine, type Engine } from './compose.ts';
import { expectedFrom } from './error-data.ts';
import { createLogger } from './logger.ts';

const appDirectory = path.resolve(import.meta.dirname, '..');

function versionOf(): string {
  const { version } = JSON.parse(readFileSync(path.join(appDirectory, 'package.json'), 'utf8')) as { version: string };
  return version;
}

const logger = (module: string) => createLogger(module, (line) => void process.stdout.write(line));
const log = logger('engine');

/** An error while starting: an expected one as it is, anything else whole in the log and as one sentence to the person. */
function startError(error: unknown): ForgeError {
  const expected = expectedFrom(error);
  if (expected !== null) return expected;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log.error({ stack }, 'the start failed with a bug');
  const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return new ForgeError('engine.start-failed', { reason, log: 'logs/engine.log in the folder' }, { cause: error });
}

/**
 * Starts the engine on a home and keeps it until it is asked to stop, or a signal comes. Ends the process with the error's exit code when it can't start.
 * @param home absolute; null: none was named, which is refused
 * @param port of the engine's own door; 0 takes any free port
 */
export async function runHeadlessEngine({ home, port }: { home: string | null; port: number }): Promise<void> {
  try {
    const began = performance.now();
    if (home === null) throw new ForgeError('engine.bad-input', { reason: '--home is missing' });
    const leave = async (reason: string): Promise<void> => {
      log.info({ reason }, 'engine stops');
      // A command may be done before the start is: what was started is taken back in order either way.
      await starting.then((engine) => engine.stop()).catch(() => undefined);
      process.exit();
    };
    const starting: Promise<Engine> = startEngine({
      home,
      port,
      appDirectory,
      version: versionOf(),
      environment: process.env,
      logger,
      onStop: () => void leave('asked'),
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void leave(signal));
    const { address } = await starting;
    log.info({ url: address.url, home, milliseconds: Math.round(performance.now() - began) }, 'engine listens');
    // Now, not at the end: an engine that is killed leaves the next one its compiled modules too.
    flushCompileCache();
    // From here on the engine mostly waits: less memory is worth more than harder optimised code (docs/measured.md, "engine memory, idle").
    setFlagsFromString('--optimize-for-size');
  } catch (error) {
    const { code, message, remedy, exitCode } = startError(error);
    log.error({ code, remedy }, message);
    // What was opened before the failure must not keep the process alive.
    process.exit(exitCode);
  }
}
