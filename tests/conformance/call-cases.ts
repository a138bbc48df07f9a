import assert from 'node:assert/strict';
import { maximumMessageLength } from '#contract/flow-control.ts';
import { protocolVersion } from '#contract/protocol-version.ts';
import { forgeErrorOf, subscribe, type Case } from './conformance-case.ts';
import { secretPath } from './fake-engine.ts';

/** Calls, greetings, errors and messages that are none. */
export const callCases: readonly Case[] = [
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
    name: 'a request for an import is refused by the field that cannot be: no path, a name that is none, a mapping to nowhere',
    async run({ greeted }) {
      const { client } = await greeted();
      const asked = { paths: ['/rows.csv'], name: 'rows' };
      const refused: [RegExp, object][] = [
        [/paths/, { ...asked, paths: [] }],
        [/name/, { ...asked, name: '../rows' }],
        [/mapping/, { ...asked, mapping: { colour: 'red' } }],
      ];
      for (const [field, request] of refused) {
        const error = await forgeErrorOf(
          client.foundry.import({ request: request as typeof asked, requestId: 'request-1' }),
        );
        assert.equal(error.code, 'engine.bad-input');
        assert.match(error.message, field);
      }
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
        windowRemedy: 'Look in the list at what there is.',
        retryable: false,
        exitCode: 2,
        detail: { kind: 'job', id: 'job-9', command: 'jobs' },
        correlationId: null,
      });
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
