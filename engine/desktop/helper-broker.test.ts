import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { createHelperBroker } from './helper-broker.ts';
import type { DesktopPort } from './parent-port.ts';

/** Node's port in the shape of Electron's: events with `data`. */
function desktopPort(port: MessagePort): DesktopPort {
  return {
    postMessage: (message) => port.postMessage(message),
    on: (event: string, listener: (value: never) => void) =>
      event === 'message'
        ? port.on('message', (data: unknown) => listener({ data, ports: [] } as never))
        : port.on('close', () => listener(undefined as never)),
    start: () => port.start(),
    close: () => port.close(),
  };
}

test('a helper is asked of main, gets what was said before it lived, and answers over its own channel', async (t) => {
  const asked: unknown[] = [];
  const broker = createHelperBroker({ postMessage: (message) => void asked.push(message) });
  const helper = broker.fork<string, string>('model');
  helper.send('load');
  const { port1, port2 } = new MessageChannel();
  t.after(() => [port1, port2].forEach((port) => port.close()));
  const heard = new Promise((resolve) => port2.once('message', resolve));
  const answered = new Promise((resolve) => helper.onMessage(resolve));
  broker.onMessage({ data: { kind: 'helper', id: 1, pid: 77 }, ports: [desktopPort(port1)] });
  assert.equal(await heard, 'load');
  port2.postMessage('loaded');
  assert.equal(await answered, 'loaded');
  assert.deepEqual([asked, helper.pid], [[{ kind: 'fork', id: 1, what: 'model' }], 77]);
});

test('the end of a helper is told once, also to who asks late, and only to its own', () => {
  const broker = createHelperBroker({ postMessage: () => undefined });
  const first = broker.fork('job-host');
  const second = broker.fork('model');
  const ends: string[] = [];
  first.onExit((reason) => ends.push(`first: ${reason}`));
  second.onExit((reason) => ends.push(`second: ${reason}`));
  broker.onMessage({ data: { kind: 'helper-ended', id: 1, reason: 'exit code 9: killed' }, ports: [] });
  broker.onMessage({ data: { kind: 'helper-ended', id: 1, reason: 'again' }, ports: [] });
  broker.onMessage({ data: 'noise', ports: [] });
  first.onExit((reason) => ends.push(`late: ${reason}`));
  assert.deepEqual(ends, ['first: exit code 9: killed', 'late: exit code 9: killed']);
});
