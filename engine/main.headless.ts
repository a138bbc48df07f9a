// The engine without a desktop: `node engine/main.headless.ts --home DIR [--port N]`. The command line starts it; it writes FORGE_HOME/engine.json when it listens.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ForgeError } from '#contract/errors.ts';
import { startEngine, type Engine } from './compose.ts';
import { createLogger } from './logger.ts';

const appDirectory = path.resolve(import.meta.dirname, '..');

function readArguments(): { home: string; port: number } {
  const { values } = parseArgs({ options: { home: { type: 'string' }, port: { type: 'string', default: '0' } } });
  if (values.home === undefined) throw new ForgeError('engine.bad-input', { reason: '--home is missing' });
  return { home: path.resolve(values.home), port: Number(values.port) };
}

function versionOf(): string {
  const { version } = JSON.parse(readFileSync(path.join(appDirectory, 'package.json'), 'utf8')) as { version: string };
  return version;
}

const logger = (module: string) => createLogger(module, (line) => void process.stdout.write(line));
const log = logger('engine');

try {
  const started = performance.now();
  const { home, port } = readArguments();
  let engine: Engine | null = null;
  const leave = async (reason: string): Promise<void> => {
    log.info({ reason }, 'engine stops');
    await engine?.stop();
    process.exit(0);
  };
  engine = await startEngine({
    home,
    port,
    appDirectory,
    version: versionOf(),
    environment: process.env,
    logger,
    onStop: () => void leave('asked'),
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void leave(signal));
  log.info({ url: engine.address.url, home, milliseconds: Math.round(performance.now() - started) }, 'engine listens');
} catch (error) {
  if (!(error instanceof ForgeError)) throw error;
  log.error({ code: error.code, remedy: error.remedy }, error.message);
  process.exitCode = error.exitCode;
}
