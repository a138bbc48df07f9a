import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HostMessage, JobHostConnection, JobHostStarter } from '#core/ports/job-host.ts';
import type { Logger } from '#core/ports/logger.ts';

const longestComplaint = 2_000;

/** Starts the job host as a forked Node process: for the headless engine (Electron's main forks a utility process). */
export function createForkJobHostStarter(logger: Logger): JobHostStarter {
  return { start: () => forkJobHost(logger) };
}

function forkJobHost(logger: Logger): JobHostConnection {
  const child = fork(fileURLToPath(new URL('./main.ts', import.meta.url)), [], {
    // Structured clone: console bytes travel as bytes.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  child.stderr?.on('data', (bytes: Buffer) => {
    logger.warn({ pid: child.pid, said: bytes.toString('utf8').slice(0, longestComplaint) }, 'job host complained');
  });
  const pid = child.pid ?? 0;
  return {
    pid,
    send: (command) => {
      // A send to a process that is just dying fails; its exit is reported separately and everything is watched anew.
      if (child.connected)
        child.send(command, (error) => error && logger.debug({ pid, error }, 'job host unreachable'));
    },
    onMessage: (listener) => void child.on('message', (message) => listener(message as HostMessage)),
    onExit: (listener) => onceGone(child, listener),
    kill: () => void child.kill('SIGKILL'),
  };
}

function onceGone(child: ReturnType<typeof fork>, listener: () => void): void {
  let told = false;
  const tell = (): void => {
    if (!told) listener();
    told = true;
  };
  child.once('exit', tell);
  // Not started at all.
  child.once('error', tell);
}
