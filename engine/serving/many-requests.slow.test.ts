import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FakeModelServer } from '#core/ports/fake-model-server.ts';
import { silentLogger } from '#core/ports/logger.ts';
import { systemClock } from '#native-bridge/clock/system-clock.ts';
import { createSecretStore } from '#native-bridge/secrets/create-secret-store.ts';
import { homeLayout } from '../home-layout.ts';
import { createBuildStore } from '../main-job/build-store.ts';
import { writeReadyVersion } from '../models/ready-version-fixture.ts';
import { composeServing } from './compose-serving.ts';

const atOnce = 16;
const warmUp = 2_000;
const requests = 10_000;
const megabyte = 1024 * 1024;

/** What is held after a collection of the whole heap. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

function post(url: URL, agent: Agent, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

test('10,000 requests leave the memory as it was, and a client that watches gets no view a request', async (t) => {
  const home = await mkdtemp(path.join(tmpdir(), 'forge-many-requests-'));
  t.after(() => rm(home, { recursive: true, force: true }));
  await writeReadyVersion(home, 'support', 1);
  const model = new FakeModelServer(() => 'yes');
  const layout = homeLayout(home);
  const { serving, served } = composeServing({
    store: createBuildStore(layout),
    settingsFile: layout.servingFile,
    secrets: createSecretStore({ home, own: {} }),
    startServer: () => model,
    defaults: { host: '127.0.0.1', port: 0 },
    clock: systemClock,
    logger: () => silentLogger,
  });
  const url = new URL(`${(await serving.start()).url}/chat/completions`);
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const control = new AbortController();
  let views = 0;
  const watching = (async () => {
    for await (const _view of serving.watch(control.signal)) views += 1;
  })();
  const body = JSON.stringify({ model: 'support', messages: [{ role: 'user', content: 'x'.repeat(1_000) }] });
  const askMany = async (count: number): Promise<void> => {
    let left = count;
    const client = async (): Promise<void> => {
      for (; left > 0; left -= 1) assert.equal(await post(url, agent, body), 200);
    };
    await Promise.all(Array.from({ length: atOnce }, client));
    // The fake remembers what it was asked; the server must not.
    model.requests.length = 0;
    model.loads.length = 0;
  };
  await askMany(warmUp);
  const [beforeBytes, startedMs, viewsBefore] = [heldBytes(), performance.now(), views];
  await askMany(requests);
  const seconds = (performance.now() - startedMs) / 1_000;
  const grownBytes = heldBytes() - beforeBytes;
  t.diagnostic(`${(grownBytes / megabyte).toFixed(1)} MB more after ${requests} requests in ${seconds.toFixed(1)} s`);
  assert.ok(grownBytes < 4 * megabyte, `${grownBytes} bytes`);
  assert.ok(views - viewsBefore <= seconds * 10 + 2, `${views - viewsBefore} views in ${seconds} s`);
  const { requests: counted, answering } = await serving.status();
  assert.ok(counted.total >= warmUp + requests);
  assert.deepEqual([serving.requests(200).length, answering], [200, 0]);
  control.abort();
  await watching;
  agent.destroy();
  await serving.dispose();
  await served.dispose();
});
