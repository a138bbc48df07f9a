// The engine in a utility process of Electron: `--home DIR --app DIR --app-version V`. The same composition as headless; windows come as message ports.
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { JobHostConnection, HostCommand, HostMessage } from '#core/ports/job-host.ts';
import type { FromModelProcess, ToModelProcess } from '#native-bridge/llama/model-protocol.ts';
import { startEngine } from './compose.ts';
import { createHelperBroker } from './desktop/helper-broker.ts';
import { kindOf, parentPort } from './desktop/parent-port.ts';
import { expectedFrom } from './error-data.ts';
import { createLogger } from './logger.ts';

const text = { type: 'string', default: '' } as const;
const { values } = parseArgs({ options: { home: text, app: text, 'app-version': text } });
const home = path.resolve(values.home);
const appDirectory = path.resolve(values.app);
const logFile = path.join(home, 'logs', 'engine.log');
const parent = parentPort();
const broker = createHelperBroker(parent);

const logger = (module: string) =>
  createLogger(module, (line) => {
    mkdirSync(path.dirname(logFile), { recursive: true });
    appendFileSync(logFile, line, { mode: 0o600 });
  });

function startJobHost(): JobHostConnection {
  const helper = broker.fork<HostCommand, HostMessage>('job-host');
  return {
    get pid() {
      return helper.pid ?? 0;
    },
    send: (command) => helper.send(command),
    onMessage: (listener) => helper.onMessage(listener),
    onExit: (listener) => helper.onExit(() => listener()),
    kill: () => helper.kill(),
  };
}

try {
  const engine = await startEngine({
    home,
    port: 0,
    appDirectory,
    version: values['app-version'],
    environment: process.env,
    logger,
    onStop: () => void engine.stop().then(() => process.exit()),
    helpers: {
      jobHost: { start: startJobHost },
      startModelProcess: () => broker.fork<ToModelProcess, FromModelProcess>('model'),
    },
  });
  parent.on('message', (message) => {
    const [port] = message.ports;
    const kind = kindOf(message.data);
    if (kind === 'window' && port !== undefined) engine.serveWindow(port);
    else if (kind === 'stop') void engine.stop().then(() => process.exit());
    else broker.onMessage(message);
  });
  parent.postMessage({ kind: 'listening', url: engine.address.url });
} catch (error) {
  const expected = expectedFrom(error);
  const message = expected?.message ?? (error instanceof Error ? error.message : String(error));
  logger('engine').error({ stack: error instanceof Error ? error.stack : null }, message);
  parent.postMessage({
    kind: 'start-failed',
    code: expected?.code ?? 'engine.bug',
    message,
    remedy: expected?.remedy ?? `Look into ${logFile}.`,
  });
  process.exit(1);
}
