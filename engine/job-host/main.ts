import type { HostCommand, HostMessage } from '#core/ports/job-host.ts';
import { systemClock } from '#native-bridge/clock/system-clock.ts';
import { JobHost } from './job-host.ts';

const heartbeatMs = 1_000;

/** The job host process: commands come and messages go over the channel its starter opened. */
function main(): void {
  const send = (message: HostMessage): void => {
    if (process.connected) process.send?.(message);
  };
  const complain = (words: string): void => void process.stderr.write(`${words}\n`);
  const host = new JobHost({ send, clock: systemClock, complain });
  const leave = (): never => {
    host.dispose();
    process.exit(0);
  };
  process.on('message', (command: HostCommand) => {
    if (command.kind === 'shutdown') leave();
    else host.handle(command);
  });
  // The engine is gone: workers go on without a terminal, the next engine's job host takes them up.
  process.on('disconnect', leave);
  // Ctrl-C in a terminal reaches the whole group; the engine decides when this process ends.
  process.on('SIGINT', () => undefined);
  process.on('SIGHUP', () => undefined);
  systemClock.every(heartbeatMs, () => send({ kind: 'heartbeat' }));
  send({ kind: 'ready', pid: process.pid });
}

main();
