import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import type { ChatMessage } from '#contract/serving.ts';
import type { Modelfile, Ollama } from '#core/ports/ollama.ts';
import type { ModelServer } from '#core/ports/model-server.ts';
import { deriveModelfile } from '#core/serving/derive-modelfile.ts';
import { judgeSmokeTest } from '#core/serving/judge-smoke-test.ts';
import { servingPolicy } from '#core/serving/serving-policy.ts';
import { compileChatTemplate } from '#native-bridge/llama/chat-template.ts';
import { createModelServer } from '#native-bridge/llama/model-server.ts';
import { createOllama } from '#native-bridge/ollama/create-ollama.ts';
import {
  cleanOllamaLeftovers,
  deployToOllama,
  withdrawFromOllama,
  type OllamaTarget,
} from '#native-bridge/ollama/deploy-to-ollama.ts';
import { baseGguf } from '../fixtures/base-gguf.ts';
import { startRealOllama, type RealOllama } from '../fixtures/real-ollama.ts';

const questions = [
  'What is the capital of France?',
  'Name three colours.',
  'How many legs does a spider have?',
  'Write one sentence about the sea.',
  'What does a baker do?',
  'Explain gravity to a child.',
  'What is 2 plus 2?',
  'Give a synonym of happy.',
  'Why is the sky blue?',
  'How do I boil an egg?',
];
const prompts: ChatMessage[][] = questions.map((content) => [{ role: 'user', content }]);

const started = await startRealOllama();
const skip = 'missing' in started ? `NOT PROVEN: no real Ollama here. ${started.missing}` : false;
let real: RealOllama;
let ollama: Ollama;
let embedded: ModelServer;
let target: OllamaTarget;

before(async () => {
  if ('missing' in started) return;
  real = started;
  ollama = createOllama({ host: real.host });
  const ggufPath = await baseGguf();
  embedded = createModelServer({ physicalCores: 2, policy: servingPolicy, maximumSequences: 1, idleUnloadMs: null });
  const loaded = await embedded.load({ path: ggufPath, contextTokens: 1024 });
  const { chatTemplate: source, bosText, eosText, addsBos } = loaded;
  const template = compileChatTemplate({ path: ggufPath, source, bosText, eosText });
  const render = (messages: readonly ChatMessage[]): string => template.render(messages).text;
  const derived = deriveModelfile({ source, bosText, eosText, addsBos, render });
  assert.ok(derived.known);
  target = {
    name: 'forge-test',
    version: 3,
    ggufPath,
    contextTokens: 1024,
    modelfile: derived.modelfile,
    prompts,
    threads: 2,
  };
});
after(async () => {
  if ('missing' in started) return;
  await embedded.dispose();
  await started.stop();
});

const names = async (): Promise<string[]> => (await ollama.list()).map(({ name }) => name).toSorted();

test('a running Ollama is found with its version', { skip }, async () => {
  assert.equal((await ollama.detect()).state, 'running');
});

test(
  'a model is created, agrees with the embedded server on at least 9 of 10 prompts, and is tagged',
  { skip },
  async (context) => {
    const phases = new Set<string>();
    const deployment = await deployToOllama(target, {
      ollama,
      embedded,
      judge: judgeSmokeTest,
      onProgress: ({ phase }) => phases.add(phase),
    });
    const { promptsEqual, answersEqual, answersAgreeing, total, comparisons } = deployment.verdict;
    const largestGap = Math.max(...comparisons.map(({ largestGapNats }) => largestGapNats)).toFixed(2);
    context.diagnostic(
      `of ${total}: prompt lengths equal ${promptsEqual}, answers equal ${answersEqual}, in agreement ${answersAgreeing}; largest gap ${largestGap}`,
    );
    assert.deepEqual([...phases], ['hashing', 'uploading', 'creating', 'comparing']);
    assert.deepEqual([promptsEqual, total, answersAgreeing >= 9], [10, 10, true]);
    assert.deepEqual(await names(), ['forge-test:latest', 'forge-test:v3']);
    const answer = await ollama.chat({
      model: 'forge-test',
      messages: prompts[0] ?? [],
      maximumTokens: 16,
      temperature: 0,
      seed: 0,
      threads: 2,
    });
    assert.ok(answer.text.length > 0);
  },
);

test('a second deployment of the same file sends nothing again', { skip }, async () => {
  const phases = new Set<string>();
  await deployToOllama(
    { ...target, version: 4, prompts: prompts.slice(0, 1) },
    { ollama, embedded, judge: judgeSmokeTest, onProgress: ({ phase }) => phases.add(phase) },
  );
  assert.equal(phases.has('uploading'), false);
  assert.deepEqual(await names(), ['forge-test:latest', 'forge-test:v3', 'forge-test:v4']);
});

test('a wrong template is found out by the figures, and the models from before stay', { skip }, async () => {
  const wrong: Modelfile = { ...target.modelfile, system: null };
  const failure = await deployToOllama(
    { ...target, version: 5, modelfile: wrong, prompts: prompts.slice(0, 2) },
    { ollama, embedded, judge: judgeSmokeTest },
  ).catch((error: unknown) => error);
  assert.ok(failure instanceof ForgeError, String(failure));
  assert.deepEqual(
    { code: failure.code, promptsEqual: failure.detail['promptsEqual'] },
    { code: 'serving.deploy-differs', promptsEqual: 0 },
  );
  assert.deepEqual(await names(), ['forge-test:latest', 'forge-test:v3', 'forge-test:v4']);
});

test('what a killed deployment left behind is removed at the next start', { skip }, async () => {
  await ollama.copy('forge-test:v3', 'forge-test:v6-incoming');
  assert.deepEqual(await cleanOllamaLeftovers(ollama), ['forge-test:v6-incoming']);
});

test('versions are taken out again, latest with the one it stands for', { skip }, async () => {
  assert.deepEqual(await withdrawFromOllama(ollama, { name: 'forge-test', version: 3 }), [
    'forge-test:v3',
    'forge-test:latest',
  ]);
  assert.deepEqual(await withdrawFromOllama(ollama, { name: 'forge-test', version: 4 }), ['forge-test:v4']);
  assert.deepEqual(await names(), []);
});

test('an Ollama that dies in the middle gives one plain error', { skip }, async () => {
  const control = new AbortController();
  const failing = deployToOllama(target, {
    ollama,
    embedded,
    judge: judgeSmokeTest,
    signal: control.signal,
    onProgress: ({ phase }) => void (phase === 'comparing' && real.kill()),
  }).catch((error: unknown) => error);
  const failure = await failing;
  assert.ok(failure instanceof ForgeError && /^serving\.ollama-(failed|absent)$/.test(failure.code), String(failure));
});
