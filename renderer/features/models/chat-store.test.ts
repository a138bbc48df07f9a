import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ForgeClient } from '#contract/client.ts';
import { ForgeError } from '#contract/errors.ts';
import { createEngineAccess, type EngineLine } from '../../connection/engine-access.ts';
import { createChatStore } from './chat-store.ts';

type ChatInput = Parameters<ForgeClient['serving']['chat']>[0];
type Piece = { readonly kind: 'delta'; readonly text: string } | { readonly kind: 'done' };
type Script = (input: ChatInput, signal: AbortSignal | undefined) => AsyncGenerator<Piece>;

const end = {
  kind: 'done',
  finishReason: 'stop',
  usage: { promptTokens: 3, completionTokens: 2, cachedPromptTokens: 0 },
  firstTokenMs: 10,
  totalMs: 20,
} as const;

function engineWith(script: Script): EngineLine {
  const engine = createEngineAccess();
  const chat = async (input: ChatInput, options?: { signal?: AbortSignal }) => script(input, options?.signal);
  engine.onConnected({ serving: { chat } } as unknown as ForgeClient, new AbortController().signal);
  return engine;
}

async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 200 && !isSo(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.ok(isSo());
}

const model = 'support:v3';

test('an answer grows outside of the state and ends in it', async () => {
  const store = createChatStore(
    engineWith(async function* () {
      yield { kind: 'delta', text: 'Hel' };
      yield { kind: 'delta', text: 'lo' };
      yield end;
    }),
  );
  store.getState().change(model, { typed: 'Hi' });
  store.getState().send(model);
  await until(() => store.getState().chats[model]?.turns.at(-1)?.state === 'done');
  assert.equal(store.getState().chats[model]?.turns.at(-1)?.text, 'Hello');
  assert.equal(store.getState().live.read(model), 'Hello');
});

test('a model that is unloaded in the middle says so, keeps what came, and can be asked again', async () => {
  let calls = 0;
  const store = createChatStore(
    engineWith(async function* () {
      calls += 1;
      yield { kind: 'delta', text: 'Half' };
      if (calls === 1) throw new ForgeError('serving.nothing-loaded');
      yield end;
    }),
  );
  store.getState().change(model, { typed: 'Hi' });
  store.getState().send(model);
  await until(() => store.getState().chats[model]?.turns.at(-1)?.state === 'failed');
  const failed = store.getState().chats[model]?.turns.at(-1);
  assert.equal(failed?.failure?.code, 'serving.nothing-loaded');
  assert.equal(failed?.text, 'Half');
  store.getState().retry(model);
  await until(() => store.getState().chats[model]?.turns.at(-1)?.state === 'done');
  assert.equal(store.getState().chats[model]?.turns.length, 2);
});

test('going on shows what was written until the new answer is past it, and a second break loses nothing of it', async () => {
  const shown: string[] = [];
  const pieces = [['One two', ' three'], ['One'], ['One', ' two', ' three', ' four']];
  let calls = 0;
  const store = createChatStore(
    engineWith(async function* () {
      const own = pieces[calls] ?? [];
      calls += 1;
      for (const text of own) yield { kind: 'delta', text };
      if (calls < 3) throw new ForgeError('serving.crashed', { reason: 'signal SIGKILL' });
      yield end;
    }),
  );
  const last = () => store.getState().chats[model]?.turns.at(-1);
  store.getState().change(model, { typed: 'Count' });
  store.getState().send(model);
  await until(() => last()?.state === 'failed');
  store.getState().live.listen(model, (text) => shown.push(text));
  store.getState().retry(model);
  await until(() => last()?.state === 'failed' && calls === 2);
  assert.equal(last()?.text, 'One two three');
  store.getState().retry(model);
  await until(() => last()?.state === 'done');
  assert.equal(last()?.text, 'One two three four');
  assert.ok(
    shown.every((text) => text.startsWith('One two three')),
    JSON.stringify(shown),
  );
});

test('stopping keeps what was written, and an empty box sends nothing', async () => {
  const store = createChatStore(
    engineWith(async function* (_input, signal) {
      yield { kind: 'delta', text: 'So far' };
      await new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
    }),
  );
  store.getState().change(model, { typed: '   ' });
  store.getState().send(model);
  assert.equal(store.getState().chats[model]?.turns.length, 0);
  store.getState().change(model, { typed: 'Hi' });
  store.getState().send(model);
  await until(() => store.getState().live.read(model) === 'So far');
  store.getState().stop(model);
  await until(() => store.getState().chats[model]?.turns.at(-1)?.state === 'stopped');
  assert.equal(store.getState().chats[model]?.turns.at(-1)?.text, 'So far');
});

test('clearing while an answer is written leaves no ghost of it, and can be undone', async () => {
  const store = createChatStore(
    engineWith(async function* (_input, signal) {
      yield { kind: 'delta', text: 'Ghost' };
      await new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
    }),
  );
  store.getState().change(model, { typed: 'Hi' });
  store.getState().send(model);
  await until(() => store.getState().live.read(model) === 'Ghost');
  const before = store.getState().clear(model);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(store.getState().chats[model]?.turns.length, 0);
  store.getState().restore(model, before);
  assert.deepEqual([store.getState().chats[model]?.turns.length, store.getState().chats[model]?.typed], [0, 'Hi']);
});
