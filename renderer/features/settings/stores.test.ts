import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ForgeClient } from '#contract/client.ts';
import { ForgeError } from '#contract/errors.ts';
import type { EngineAccess } from '../../connection/engine-access.ts';
import { environmentOf, settingOf } from './fixtures.ts';
import { ledgerRow, providers } from './record-fixtures.ts';
import { createLedgerStore } from './ledger-store.ts';
import { createMachineStore } from './machine-store.ts';
import { createProvidersStore } from './providers-store.ts';
import { createSettingsStore } from './settings-store.ts';

/** An engine with the procedures a test gives it. */
function engineOf(client: unknown): EngineAccess {
  return {
    call: (work: (client: ForgeClient) => Promise<unknown>) => work(client as ForgeClient),
  } as unknown as EngineAccess;
}

test('a setting that the engine refuses keeps its value, and the refusal stands at its key', async () => {
  const store = createSettingsStore(
    engineOf({
      settings: {
        list: async () => [settingOf()],
        set: async ({ key, value }: { readonly key: string; readonly value: unknown }) => {
          if (value === 70_000) throw new ForgeError('settings.not-usable', { key, value: '70000', reason: 'too big' });
          return settingOf({ value: Number(value), origin: 'file' });
        },
      },
    }),
  );
  const { load, change } = store.getState();
  await load();
  assert.equal(await change('server.port', 70_000), false);
  assert.equal(store.getState().settings?.[0]?.value, 18_793);
  assert.ok(store.getState().failures.has('server.port'));
  assert.equal(await change('server.port', 5000), true);
  assert.equal(store.getState().settings?.[0]?.value, 5000);
  assert.deepEqual([[...store.getState().waitsForRestart], store.getState().failures.size], [['server.port'], 0]);
});

test('a key goes to the engine and stays nowhere in the window; the old test result goes with it', async () => {
  const received: unknown[] = [];
  const store = createProvidersStore(
    engineOf({
      providers: {
        list: async () => providers,
        test: async () => ({ ok: false, text: 'refused', milliseconds: 1, models: [], failure: null }),
      },
      secrets: {
        list: async () => [],
        set: async ({ name, value }: { readonly name: string; readonly value: string }) => received.push(name, value),
      },
    }),
  );
  await store.getState().test('openai');
  assert.ok(store.getState().tests.has('openai'));
  assert.equal(await store.getState().setSecret('provider_openai', 'sk-secret'), true);
  assert.deepEqual(received, ['provider_openai', 'sk-secret']);
  assert.ok(!store.getState().tests.has('openai'));
  const { providers: kept, secrets, tests, failures } = store.getState();
  assert.ok(!JSON.stringify([kept, secrets, [...tests], [...failures]]).includes('sk-secret'));
});

test('older lines of the ledger are asked for from the last one seen, and put behind it', async () => {
  const asked: (number | null)[] = [];
  const page = (from: number, count: number) => Array.from({ length: count }, (_, index) => ledgerRow(from + index));
  const store = createLedgerStore(
    engineOf({
      network: {
        ledger: async ({ before }: { readonly before: number | null }) => {
          asked.push(before);
          return { entries: before === null ? page(0, 200) : page(200, 3), total: 203, skipped: 1, offline: false };
        },
      },
    }),
  );
  await store.getState().load();
  assert.equal(store.getState().hasMore, true);
  await store.getState().loadOlder();
  const { rows, hasMore, skipped } = store.getState();
  assert.deepEqual(asked, [null, ledgerRow(199).t]);
  assert.deepEqual(
    [rows?.length, new Set(rows?.map(({ rowKey }) => rowKey)).size, hasMore, skipped],
    [203, 203, false, 2],
  );
});

test('a set-up that the person stops is no failure, and its progress is gone', async () => {
  const store = createMachineStore(
    engineOf({
      environments: {
        list: async () => [environmentOf()],
        setUp: async (_input: unknown, { signal }: { readonly signal: AbortSignal }) =>
          (async function* () {
            yield { profile: 'cpu', stage: 'install', state: 'running', fraction: 0.5, text: 'half' };
            await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
          })(),
      },
    }),
  );
  const done = store.getState().setUp('cpu', 'setUp');
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(store.getState().progress.get('cpu')?.fraction, 0.5);
  store.getState().stop('cpu');
  await done;
  assert.deepEqual(
    [store.getState().progress.size, store.getState().failures.size, store.getState().busy.size],
    [0, 0, 0],
  );
});
