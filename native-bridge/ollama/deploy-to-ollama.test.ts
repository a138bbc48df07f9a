import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { FakeModelServer } from '#core/ports/fake-model-server.ts';
import { FakeOllama } from '#core/ports/fake-ollama.ts';
import { judgeSmokeTest } from '#core/serving/judge-smoke-test.ts';
import { cleanOllamaLeftovers, deployToOllama, withdrawFromOllama, type OllamaTarget } from './deploy-to-ollama.ts';

const target: OllamaTarget = {
  name: 'tickets',
  version: 2,
  ggufPath: '/models/2.gguf',
  contextTokens: 1024,
  modelfile: { family: 'chatml', template: '{{ range .Messages }}{{ end }}', system: null, stop: [] },
  prompts: Array.from({ length: 10 }, (_, index) => [{ role: 'user' as const, content: `question ${index}` }]),
  threads: 2,
};

/** An Ollama that answers as the fake model server does, and other than it on the last `wrong` prompts. */
function parts(wrong = 0) {
  const ollama = new FakeOllama(({ messages }) => {
    const content = messages[0]?.content ?? '';
    const isWrong = Number(content.split(' ')[1]) >= 10 - wrong;
    return { text: isWrong ? 'something else' : `you said ${content}`, promptTokens: 1, completionTokens: 4 };
  });
  const embedded = new FakeModelServer();
  embedded.score = () => Promise.resolve([{ gapNats: 5 }]);
  return { ollama, deploy: () => deployToOllama(target, { ollama, embedded, judge: judgeSmokeTest }) };
}
const names = (ollama: FakeOllama): string[] => [...ollama.models.keys()].toSorted();

test('a model that agrees is tagged with its version and as latest, and nothing else stays', async () => {
  const { ollama, deploy } = parts(1);
  const { verdict, templateFamily, names: tagged } = await deploy();
  assert.deepEqual([verdict.answersAgreeing, templateFamily, tagged], [9, 'chatml', ['tickets:v2', 'tickets:latest']]);
  assert.deepEqual(names(ollama), ['tickets:latest', 'tickets:v2']);
});

test('a model that differs is removed with the figures, and what was deployed before stays', async () => {
  const { ollama, deploy } = parts(2);
  ollama.models.set('tickets:latest', { ...target, name: 'tickets:latest', ggufPath: '/models/1.gguf' });
  await assert.rejects(deploy(), (failure) => {
    assert.ok(failure instanceof ForgeError);
    assert.deepEqual(
      [failure.code, failure.detail],
      ['serving.deploy-differs', { promptsEqual: 10, answersAgreeing: 8, total: 10, needed: 9 }],
    );
    return true;
  });
  assert.deepEqual(
    [names(ollama), ollama.models.get('tickets:latest')?.ggufPath],
    [['tickets:latest'], '/models/1.gguf'],
  );
});

for (const step of ['create', 'chat', 'copy'] as const) {
  test(`an Ollama that ends at ${step} leaves nothing half-made`, async () => {
    const { ollama, deploy } = parts();
    ollama.failAt = step;
    ollama.failure = new ForgeError('serving.ollama-failed', {
      action: step,
      name: 'tickets',
      reason: 'it ended in the middle of the work',
    });
    await assert.rejects(deploy(), { code: 'serving.ollama-failed' });
    assert.deepEqual(names(ollama), []);
  });
}

test('what could not be tidied is tidied at the next start, and only that', async () => {
  const { ollama, deploy } = parts();
  ollama.failAt = 'remove';
  ollama.failure = new ForgeError('serving.ollama-absent', { host: 'x' });
  await deploy();
  ollama.models.set('other:incoming', { ...target, name: 'other:incoming' });
  ollama.failAt = null;
  assert.deepEqual(await cleanOllamaLeftovers(ollama), ['tickets:v2-incoming']);
  assert.deepEqual(names(ollama), ['other:incoming', 'tickets:latest', 'tickets:v2']);
});

test('an absent or too old Ollama is said in plain words before anything is made', async () => {
  const { ollama, deploy } = parts();
  ollama.status = { state: 'absent', host: 'http://127.0.0.1:11434', reason: 'nothing listens there' };
  await assert.rejects(deploy(), { code: 'serving.ollama-absent' });
  assert.deepEqual(await cleanOllamaLeftovers(ollama), []);
  ollama.status = { state: 'too-old', host: 'x', version: '0.3.0', minimum: '0.5.5' };
  await assert.rejects(deploy(), { code: 'serving.ollama-too-old' });
  assert.deepEqual(names(ollama), []);
});

test('a version is withdrawn alone while latest is another one', async () => {
  const { ollama } = parts();
  for (const [name, ggufPath] of [
    ['tickets:v1', '/1'],
    ['tickets:v2', '/2'],
    ['tickets:latest', '/2'],
  ] as const) {
    ollama.models.set(name, { ...target, name, ggufPath });
  }
  assert.deepEqual(await withdrawFromOllama(ollama, { name: 'tickets', version: 1 }), ['tickets:v1']);
  assert.deepEqual(await withdrawFromOllama(ollama, { name: 'tickets', version: 2 }), ['tickets:v2', 'tickets:latest']);
});
