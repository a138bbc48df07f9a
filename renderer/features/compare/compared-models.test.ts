import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareLink, firstSentence, groupModels, modelKey, modelOfKey, modelsOfLink } from './compared-models.ts';
import { cloud, comparableModels, providers, tuned } from './fixtures.ts';
import { choiceGroups, readyProviders } from './model-choice.ts';

test('a model comes back from its key, slashes and colons in its name included', () => {
  const models = [tuned, cloud, { kind: 'cloud', provider: 'openrouter', model: 'meta/llama-4:free' } as const];
  assert.deepEqual(
    models.map((model) => modelOfKey(modelKey(model))),
    models,
  );
});

test('what is no key is no model', () => {
  assert.deepEqual(
    ['', 'local/', 'cloud/openai', 'cloud/openai/', 'other/x', 'local'].map(modelOfKey),
    Array(6).fill(null),
  );
});

test('a link carries models, whatever stands in their names', () => {
  const models = [tuned, { kind: 'ollama', model: 'größe,100%:latest' } as const];
  const query = new URLSearchParams(compareLink(models).split('?')[1]).get('models');
  assert.deepEqual(modelsOfLink(compareLink(models).split('models=')[1]), models);
  assert.equal(modelsOfLink(query).length > 0, true);
  assert.deepEqual(modelsOfLink('%E0%A4%A,local/a'), [{ kind: 'local', model: 'a' }]);
  assert.deepEqual(modelsOfLink(42), []);
});

test('models are found by name and by place', () => {
  assert.deepEqual(
    groupModels(comparableModels, 'OLLAMA').map(({ place }) => place),
    ['Ollama'],
  );
  assert.equal(groupModels(comparableModels, 'nothing is called that').length, 0);
});

test('a place where nothing can be asked says so once', () => {
  const groups = choiceGroups(comparableModels, { chosen: [], providers, filter: '' });
  assert.deepEqual(
    groups.map(({ obstacle }) => obstacle !== null),
    [false, false, false, true],
  );
});

test('a model that was typed stands among those of its provider', () => {
  const typed = { kind: 'cloud', provider: 'openai', model: 'gpt-new' } as const;
  const groups = choiceGroups(comparableModels, { chosen: [typed, tuned], providers, filter: '' });
  assert.deepEqual(
    groups.find(({ place }) => place === 'OpenAI')?.models.map(({ label }) => label),
    ['gpt-mini (OpenAI)', 'gpt-new'],
  );
});

test('only providers with their key can be asked', () => {
  assert.deepEqual(
    readyProviders(providers).map(({ id }) => id),
    ['openai'],
  );
});

test('of an obstacle with a button only the first sentence is shown', () => {
  assert.equal(firstSentence('OpenAI needs a key. Enter it under Settings.'), 'OpenAI needs a key.');
  assert.equal(firstSentence('gpt-5.4 is away'), 'gpt-5.4 is away');
});
