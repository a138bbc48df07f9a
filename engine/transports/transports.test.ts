import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isForgeError } from '#contract/client.ts';
import { acknowledgementFrame, parseAcknowledgement, streamWindow } from '#contract/flow-control.ts';
import { ForgeError } from '#contract/errors.ts';
import { silentLogger, type LogFields } from '#core/ports/logger.ts';
import { createErrorMapping } from './error-mapping.ts';
import { forgeImplementer, type ForgeRouter } from './forge-router.ts';
import { createInProcessClient } from './in-process.ts';
import { createStreamWindows } from './stream-window.ts';

const newCorrelationId = () => 'id-1';

test('outputs are parsed only where that was asked for', async () => {
  const status = forgeImplementer.engine.status.handler(() => ({ protocol: 'one' }) as never);
  const router = { engine: { status } } as unknown as ForgeRouter;
  const options = { router, logger: silentLogger, newCorrelationId };
  const unchecked = createInProcessClient({ ...options, checkOutputs: false });
  assert.deepEqual(await unchecked.client.engine.status(), { protocol: 'one' });
  const checked = createInProcessClient({ ...options, checkOutputs: true });
  const error = isForgeError(await checked.client.engine.status().catch((thrown: unknown) => thrown));
  assert.equal(error?.code, 'engine.bug');
});

test('an error is mapped once: expected ones keep their data, mapped ones stay as they are, all others are logged under an id', () => {
  const lines: LogFields[] = [];
  const map = createErrorMapping({
    logger: { ...silentLogger, error: (fields) => void lines.push(fields) },
    newCorrelationId,
  });
  const place = { procedure: 'jobs.get', connection: 'c-1' };
  const expected = map(new ForgeError('engine.port-taken', { port: 1, host: 'h' }), place);
  assert.deepEqual([isForgeError(expected)?.code, map(expected, place)], ['engine.port-taken', expected]);
  assert.equal(lines.length, 0);
  const bug = isForgeError(map(new Error('outer', { cause: new TypeError('inner') }), place));
  assert.deepEqual([bug?.code, bug?.correlationId, bug?.detail], ['engine.bug', 'id-1', { correlationId: 'id-1' }]);
  assert.match(JSON.stringify(lines), /"procedure":"jobs\.get".*"outer".*"inner"/);
});

test('acknowledgements are read back, and what only looks like one is malformed', () => {
  assert.deepEqual(parseAcknowledgement(acknowledgementFrame('7', 24)), { stream: '7', count: 24 });
  assert.equal(parseAcknowledgement('{"i":"1","p":{}}'), null);
  const malformed = [
    '{"forge":"read"}',
    '{"forge":"read","stream":"../x","count":1}',
    '{"forge":"read","stream":"1","count":-1}',
  ];
  assert.deepEqual(malformed.map(parseAcknowledgement), ['malformed', 'malformed', 'malformed']);
});

test('a stream goes no further than its window until it is acknowledged, and an impossible acknowledgement opens nothing', async () => {
  const windows = createStreamWindows();
  let made = 0;
  const source = (async function* () {
    for (;;) yield (made += 1);
  })();
  const abort = new AbortController();
  const held = windows.hold('1', source, abort.signal);
  for (let count = 0; count < streamWindow; count += 1) await held.next();
  const next = held.next();
  windows.acknowledge('2', 10);
  await settled();
  assert.equal(made, streamWindow);
  windows.acknowledge('1', 1_000_000);
  assert.equal((await next).value, streamWindow + 1);
  for (let count = 1; count < streamWindow; count += 1) await held.next();
  const waiting = held.next();
  await settled();
  assert.equal(made, 2 * streamWindow, 'one acknowledgement of more than was sent counts for what was sent');
  abort.abort();
  assert.equal((await waiting).done, true);
});

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
