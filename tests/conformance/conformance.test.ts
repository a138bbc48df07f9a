import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { greetEngine, isForgeError } from '#contract/client.ts';
import { maximumMessageLength } from '#contract/flow-control.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { protocolVersion } from '#contract/protocol-version.ts';
import { resumableEvents } from '#contract/resumable.ts';
import type { LogFields } from '#core/ports/logger.ts';
import { createFakeEngine, fakeJob, secretPath, type FakeEngine } from './fake-engine.ts';
import { recordingLogger, wires, type OpenWire, type WireClient } from './wires.ts';

interface Scene {
  readonly wire: OpenWire;
  readonly engine: FakeEngine;
  readonly log: { fields: LogFields; message: string }[];
  /** A connection that has said hello. */
  greeted(): Promise<WireClient>;
}

interface Case {
  readonly name: string;
  /** Only where calls travel as messages. */
  readonly needsMessages?: boolean;
  run(scene: Scene): Promise<void>;
}

const subscribe = (connection: WireClient, after: number, signal?: AbortSignal) =>
  connection.client.runs.subscribe({ job: fakeJob, after }, signal === undefined ? {} : { signal });

const cases: readonly Case[] = [
  {
    name: 'a call answers, and defaults of the input are filled in',
    async run({ greeted }) {
      const { client } = await greeted();
      const jobs = await client.jobs.list({});
      assert.deepEqual(
        jobs.map((job) => job.id),
        ['a', 'b'],
      );
    },
  },
  {
    name: 'an input that does not parse is refused with the name of the field',
    async run({ greeted }) {
      const { client } = await greeted();
      const error = await forgeErrorOf(client.jobs.list({ limit: 0 }));
      assert.equal(error.code, 'engine.bad-input');
      assert.match(error.message, /limit/);
    },
  },
  {
    name: 'an expected error arrives with its code, sentence, remedy and detail',
    async run({ greeted }) {
      const { client } = await greeted();
      assert.deepEqual(await forgeErrorOf(client.jobs.get({ job: 'job-9' })), {
        code: 'engine.not-found',
        message: 'There is no job called job-9.',
        remedy: 'List what there is with `forge jobs list`.',
        retryable: false,
        exitCode: 2,
        detail: { kind: 'job', id: 'job-9', command: 'jobs' },
        correlationId: null,
      });
    },
  },
  {
    name: 'an expected error in the middle of a stream arrives after what came before it',
    async run({ greeted }) {
      const { client } = await greeted();
      const seen: string[] = [];
      const error = await forgeErrorOf(
        (async () => {
          for await (const job of await client.jobs.watch()) seen.push(job.id);
        })(),
      );
      assert.deepEqual({ seen, code: error.code }, { seen: ['a'], code: 'engine.home-in-use' });
    },
  },
  {
    name: 'a bug arrives as its correlation id only, and the log has the rest under that id',
    async run({ greeted, log }) {
      const { client } = await greeted();
      const error = await forgeErrorOf(client.jobs.get({ job: 'bug' }));
      assert.equal(error.code, 'engine.bug');
      assert.ok(!JSON.stringify(error).includes(secretPath));
      const line = log.find(({ fields }) => fields['correlationId'] === error.correlationId);
      assert.ok(error.correlationId !== null && JSON.stringify(line).includes(secretPath));
    },
  },
  {
    name: 'an output that breaks the contract is a bug where outputs are checked',
    async run({ greeted }) {
      const { client } = await greeted();
      assert.equal((await forgeErrorOf(client.jobs.get({ job: 'malformed' }))).code, 'engine.bug');
    },
  },
  {
    name: 'a stream hands out everything in order and ends when the job is final',
    async run({ greeted, engine }) {
      const connection = await greeted();
      engine.append(1_000);
      engine.finish();
      const positions: number[] = [];
      for await (const batch of await subscribe(connection, 0))
        positions.push(...batch.events.map((event) => event.seq));
      assert.deepEqual(positions, range(1, 1_000));
    },
  },
  {
    name: 'a stream goes on after a given position',
    async run({ greeted, engine }) {
      const connection = await greeted();
      engine.append(20_000);
      engine.finish();
      const positions: number[] = [];
      for await (const batch of await subscribe(connection, 19_997))
        positions.push(...batch.events.map((event) => event.seq));
      assert.deepEqual(positions, [19_998, 19_999, 20_000]);
    },
  },
  {
    name: 'an abort stops the generator within 100 ms',
    async run({ greeted, engine }) {
      const connection = await greeted();
      engine.append(1);
      const abort = new AbortController();
      const stream = await subscribe(connection, 0, abort.signal);
      await stream.next();
      const waiting = stream.next().catch(() => undefined);
      assert.equal(engine.openSubscriptions(), 1);
      abort.abort();
      await withinMs(100, () => engine.openSubscriptions() === 0);
      await waiting;
    },
  },
  {
    name: 'leaving the loop stops the generator within 100 ms',
    async run({ greeted, engine }) {
      const connection = await greeted();
      engine.append(200);
      for await (const batch of await subscribe(connection, 0)) if (batch.last > 0) break;
      await withinMs(100, () => engine.openSubscriptions() === 0);
    },
  },
  {
    name: 'closing the wire without an abort stops the generator and rejects what waits',
    async run({ greeted, engine }) {
      const connection = await greeted();
      engine.append(1);
      const stream = await subscribe(connection, 0);
      await stream.next();
      const waiting = stream.next().then(
        (result) => (result.done === true ? 'ended' : 'value'),
        () => 'rejected',
      );
      connection.close();
      await withinMs(500, () => engine.openSubscriptions() === 0);
      assert.notEqual(await waiting, 'value');
      await assert.rejects(connection.client.jobs.list({}));
    },
  },
  {
    name: 'an abort after the wire was closed harms nobody',
    async run({ greeted, engine }) {
      const connection = await greeted();
      engine.append(1);
      const abort = new AbortController();
      const stream = await subscribe(connection, 0, abort.signal);
      await stream.next();
      const waiting = stream.next().then(
        (result) => (result.done === true ? 'ended' : 'value'),
        () => 'rejected',
      );
      connection.close();
      // An unhandled rejection here would fail this test.
      abort.abort();
      assert.notEqual(await waiting, 'value');
      await withinMs(500, () => engine.openSubscriptions() === 0);
    },
  },
  {
    name: 'a slow reader holds the producer back, is told that it is behind, and catches up by paging',
    async run({ greeted, engine }) {
      const connection = await greeted();
      engine.append(64);
      const stream = await subscribe(connection, 0);
      const first = await stream.next();
      for (let appended = 0; appended < 50_000; appended += 500) {
        engine.append(500);
        await delay(0);
      }
      assert.ok(engine.batchesMade() <= 64, `${engine.batchesMade()} batches were made for a reader who took 1`);
      let { last, behind } = first.done === true ? { last: 0, behind: false } : first.value;
      for await (const batch of stream) ({ last, behind } = batch);
      assert.ok(behind, 'the stream ended with `behind`');
      const { client } = connection;
      while (last < 50_064) {
        const page = await client.runs.eventsPage({ job: fakeJob, after: last, limit: 2_000 });
        assert.equal(page.events[0]?.seq, last + 1);
        last = page.last;
      }
    },
  },
  {
    name: 'a reader that keeps up is never held back for long',
    async run({ greeted, engine }) {
      const connection = await greeted();
      const abort = new AbortController();
      const stream = await subscribe(connection, 0, abort.signal);
      let last = 0;
      for (let round = 1; round <= 200; round += 1) {
        engine.append(64);
        const result = await stream.next();
        last = result.done === true ? last : result.value.last;
      }
      assert.equal(last, 200 * 64);
      abort.abort();
    },
  },
  {
    name: 'two clients follow the same job to its end',
    async run({ greeted, engine }) {
      const both = [await greeted(), await greeted()];
      const read = both.map(async (connection) => {
        let count = 0;
        for await (const batch of await subscribe(connection, 0)) count += batch.events.length;
        return count;
      });
      for (let round = 0; round < 20; round += 1) {
        engine.append(100);
        await delay(1);
      }
      engine.finish();
      assert.deepEqual(await Promise.all(read), [2_000, 2_000]);
    },
  },
  {
    name: 'a client of another protocol is refused, and so is whatever it calls next',
    async run({ wire }) {
      const { client } = await wire.connect();
      const error = await forgeErrorOf(client.engine.hello({ protocol: 999, appVersion: '0' }));
      assert.deepEqual(
        { code: error.code, detail: error.detail },
        { code: 'engine.protocol-mismatch', detail: { client: 999, engine: protocolVersion } },
      );
      assert.equal((await forgeErrorOf(client.jobs.list({}))).code, 'engine.bad-input');
    },
  },
  {
    name: 'a call before the greeting is refused',
    async run({ wire }) {
      const { client } = await wire.connect();
      const error = await forgeErrorOf(client.jobs.list({}));
      assert.match(error.message, /engine\.hello/);
    },
  },
  {
    name: 'the resumable loop gets 400 of 400 events while the wire breaks three times',
    async run({ wire, engine }) {
      const seen: number[] = [];
      const abort = new AbortController();
      let lost = 0;
      const producing = (async () => {
        for (let round = 1; round <= 40; round += 1) {
          engine.append(10);
          await delay(5);
          if (round % 12 === 0) wire.dropAll();
        }
        engine.finish();
      })();
      const events = resumableEvents({
        job: fakeJob,
        after: 0,
        appVersion: '0',
        signal: abort.signal,
        connect: () => wire.connect(),
        wait: () => delay(5),
        onDisconnect: () => {
          lost += 1;
        },
      });
      for await (const batch of events) seen.push(...batch.events.map((event) => event.seq));
      await producing;
      assert.deepEqual(seen, range(1, 400));
      assert.ok(lost >= 3, `the wire broke ${lost} times`);
    },
  },
  {
    name: 'an oversized message ends that wire and no other',
    needsMessages: true,
    async run({ greeted }) {
      const bystander = await greeted();
      const connection = await greeted();
      const job = 'x'.repeat(maximumMessageLength);
      await assert.rejects(connection.client.jobs.get({ job }));
      await assert.rejects(connection.client.jobs.list({}));
      assert.equal((await bystander.client.jobs.list({})).length, 2);
    },
  },
  {
    name: 'a message that is no message ends that wire and no other',
    needsMessages: true,
    async run({ greeted }) {
      const bystander = await greeted();
      for (const message of ['not json', '{}', 'null', '{"forge":"read"', '{"i":"1","p":{"u":7}}']) {
        const connection = await greeted();
        const waiting = assert.rejects(
          subscribe(connection, 0).then((stream) => stream.next()),
          message,
        );
        connection.sendRaw?.(message);
        await waiting;
      }
      assert.equal((await bystander.client.jobs.list({})).length, 2);
    },
  },
  {
    name: 'a procedure that does not exist is refused by name',
    needsMessages: true,
    async run({ greeted }) {
      const { client } = await greeted();
      const stranger = client as unknown as { jobs: { vanish(): Promise<unknown> } };
      assert.match((await forgeErrorOf(stranger.jobs.vanish())).message, /no procedure \/jobs\/vanish/);
    },
  },
];

for (const wire of wires) {
  describe(`over ${wire.name}`, () => {
    for (const { name, run } of cases.filter((each) => wire.hasMessages || each.needsMessages !== true)) {
      test(name, { timeout: 20_000 }, async () => {
        const engine = createFakeEngine();
        const { logger, lines } = recordingLogger();
        let ids = 0;
        const newCorrelationId = () => `id-${(ids += 1)}`;
        const open = await wire.open({ router: engine.router, logger, checkOutputs: true, newCorrelationId });
        const greeted = async () => {
          const connection = await open.connect();
          await greetEngine(connection.client, '0');
          return connection;
        };
        try {
          await run({ wire: open, engine, log: lines, greeted });
        } finally {
          await open.stop();
        }
        await withinMs(500, () => engine.openSubscriptions() === 0);
      });
    }
  });
}

async function forgeErrorOf(call: Promise<unknown>): Promise<ForgeErrorData> {
  const error = await call.then(
    () => assert.fail('the call was to be refused'),
    (thrown: unknown) => thrown,
  );
  const data = isForgeError(error);
  assert.ok(data !== null, `not an expected error: ${String(error)}`);
  return data;
}

async function withinMs(limitMs: number, isSo: () => boolean): Promise<void> {
  const until = performance.now() + limitMs;
  while (!isSo() && performance.now() < until) await delay(2);
  assert.ok(isSo(), `not so within ${limitMs} ms`);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
