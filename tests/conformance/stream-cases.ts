import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { resumableEvents } from '#contract/resumable.ts';
import { forgeErrorOf, range, subscribe, withinMs, type Case } from './conformance-case.ts';
import { fakeJob } from './fake-engine.ts';

/** Streams: order, ends, aborts, slow readers, wires that break. */
export const streamCases: readonly Case[] = [
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
];
