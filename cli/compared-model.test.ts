import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComparableModel } from '#contract/comparisons.ts';
import { comparedModel } from './compared-model.ts';
import { CommandFailure } from './failure.ts';

const local = (model: string): ComparableModel => ({
  ...{ model: { kind: 'local', model }, label: model, place: 'on this machine', obstacle: null, price: null },
});
const known = {
  models: [local('support:v2'), local('support:v10'), local('smollm2-135m-instruct')],
  providers: ['openai', 'openrouter'],
};

test('words of --model: a version, a name without one, a base, Ollama, a provider whose models have slashes themselves', () => {
  const read = (word: string) => comparedModel(word, known);
  assert.deepEqual(read('support:v2'), { kind: 'local', model: 'support:v2' });
  assert.deepEqual(read('support'), { kind: 'local', model: 'support:v10' });
  assert.deepEqual(read('support:latest'), { kind: 'local', model: 'support:v10' });
  assert.deepEqual(read('smollm2-135m-instruct'), { kind: 'local', model: 'smollm2-135m-instruct' });
  assert.deepEqual(read('ollama/llama3.2:1b'), { kind: 'ollama', model: 'llama3.2:1b' });
  assert.deepEqual(read('openrouter/anthropic/claude-haiku-4.5'), {
    kind: 'cloud',
    provider: 'openrouter',
    model: 'anthropic/claude-haiku-4.5',
  });
});

test('a word that is none of them is refused with what there is', () => {
  for (const word of ['nobody', 'elsewhere/model', 'openai/', 'support:v3'])
    assert.throws(
      () => comparedModel(word, known),
      (error) => error instanceof CommandFailure && error.failure.remedy.includes('support:v10'),
      word,
    );
});
