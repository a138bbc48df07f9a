import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '#core/ports/fake-clock.ts';
import type { HostCommand, HostMessage, JobHostConnection } from '#core/ports/job-host.ts';
import { silentLogger } from '#core/ports/logger.ts';
import { HostSupervisor } from './host-supervisor.ts';

/** A job host without a process. */
class FakeHost implements JobHostConnection {
  readonly pid: number;
  readonly commands: HostCommand[] = [];
  killed = false;
  readonly #onMessage: ((message: HostMessage) => void)[] = [];
  readonly #onExit: (() => void)[] = [];

  constructor(pid: number) {
    this.pid = pid;
  }

  send(command: HostCommand): void {
    this.commands.push(command);
    if (command.kind === 'shutdown') this.die();
  }

  onMessage(listener: (message: HostMessage) => void): void {
    this.#onMessage.push(listener);
  }

  onExit(listener: () => void): void {
    this.#onExit.push(listener);
  }

  kill(): void {
    this.killed = true;
  }

  say(message: HostMessage): void {
    for (const listener of this.#onMessage) listener(message);
  }

  die(): void {
    for (const listener of this.#onExit) listener();
  }
}

function createSupervisor() {
  const clock = new FakeClock();
  const hosts: FakeHost[] = [];
  const messages: HostMessage[] = [];
  let ups = 0;
  const supervisor = new HostSupervisor({
    starter: {
      start: () => {
        const host = new FakeHost(hosts.length + 1);
        hosts.push(host);
        return host;
      },
    },
    clock,
    logger: silentLogger,
    onMessage: (message) => messages.push(message),
    onUp: () => (ups += 1),
  });
  supervisor.start();
  return { clock, hosts, messages, supervisor, ups: () => ups };
}

const ready: HostMessage = { kind: 'ready', pid: 1 };
const beat: HostMessage = { kind: 'heartbeat' };

test('a host that misses five heartbeats is ended and another one started; its late words are not heard', async () => {
  const { clock, hosts, messages, supervisor, ups } = createSupervisor();
  const up = supervisor.whenUp();
  hosts[0]?.say(ready);
  await up;
  for (let second = 0; second < 20; second += 1) {
    clock.advance(1_000);
    hosts[0]?.say(beat);
  }
  clock.advance(4_000);
  assert.deepEqual([hosts[0]?.killed, hosts.length], [false, 1]);
  clock.advance(1_000);
  assert.equal(hosts[0]?.killed, true);
  clock.advance(100);
  hosts[1]?.say(ready);
  hosts[0]?.say({ kind: 'started', run: 'a/1', pid: 5 });
  hosts[1]?.say({ kind: 'started', run: 'b/1', pid: 6 });
  assert.deepEqual([ups(), messages], [2, [{ kind: 'started', run: 'b/1', pid: 6 }]]);
});

test('a host has time to start', () => {
  const { clock, hosts } = createSupervisor();
  clock.advance(29_000);
  assert.equal(hosts[0]?.killed, false);
  clock.advance(1_000);
  assert.equal(hosts[0]?.killed, true);
});

test('a host that keeps dying is started again at most 5 times in 10 minutes', () => {
  const { clock, hosts } = createSupervisor();
  const starts: number[] = [];
  for (let second = 0; second < 1_200; second += 1) {
    clock.advance(1_000);
    if (hosts.length > starts.length) {
      starts.push(second);
      hosts.at(-1)?.die();
    }
  }
  const restarts = starts.slice(1);
  assert.ok(restarts.length >= 9, 'it keeps trying');
  for (const start of restarts) {
    assert.ok(restarts.filter((other) => other > start - 600 && other <= start).length <= 5);
  }
});

test('commands without a host are dropped, and after the stop nothing is started', async () => {
  const { clock, hosts, supervisor } = createSupervisor();
  supervisor.send({ kind: 'detach', viewer: 1 });
  assert.deepEqual(hosts[0]?.commands, []);
  hosts[0]?.say(ready);
  supervisor.send({ kind: 'detach', viewer: 1 });
  await supervisor.stop();
  await supervisor.stop();
  clock.advance(60_000);
  await supervisor.whenUp();
  assert.deepEqual([hosts.length, hosts[0]?.commands], [1, [{ kind: 'detach', viewer: 1 }, { kind: 'shutdown' }]]);
});
